# What `cmake --install` lays out: the daemon, its unit, its user, its example configuration and its manual.
install(TARGETS cdtd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

configure_file(systemd/cdtd.service.in ${PROJECT_BINARY_DIR}/cdtd.service @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cdtd.service DESTINATION lib/systemd/system)
install(FILES systemd/cdtd.sysusers DESTINATION lib/sysusers.d RENAME cdtd.conf)
install(FILES systemd/cdtd.tmpfiles DESTINATION lib/tmpfiles.d RENAME cdtd.conf)

install(FILES config/cdtd.example.toml DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME cdtd.toml.example)
if(EXISTS ${PROJECT_SOURCE_DIR}/docs/cdtd.1)
  install(FILES docs/cdtd.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

# The configuration itself (/etc/cdtd/cdtd.toml where the prefix is /usr) is the operator's once it is there:
# an installation never writes over it.
install(CODE "
  set(target \"\$ENV{DESTDIR}${CMAKE_INSTALL_FULL_SYSCONFDIR}/cdtd/cdtd.toml\")
  if(EXISTS \"\${target}\")
    message(STATUS \"Kept: \${target}\")
  else()
    file(INSTALL DESTINATION \"${CMAKE_INSTALL_FULL_SYSCONFDIR}/cdtd\" TYPE FILE RENAME cdtd.toml
         PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
         FILES \"${PROJECT_SOURCE_DIR}/config/cdtd.example.toml\")
  endif()
")
