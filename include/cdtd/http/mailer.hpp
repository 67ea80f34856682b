// Mail over SMTP (RFC 5321), by libcurl on a thread of its own: one letter after the other. Loop thread only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/secret.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace cdtd::http {

struct MailAccount {
    std::string url;  ///< smtps://host:465 or smtp://host:587, without a user
    std::string user; ///< "" = no login
    base::Secret password;
    bool tls_required = true; ///< of smtp://: STARTTLS, or no mail; else only where the server offers it
    std::string from;         ///< an address, or "Name <address>"
};

struct Letter {
    MailAccount account;
    std::string sender;          ///< bare address, for the envelope
    std::vector<std::string> to; ///< bare addresses
    std::string text;            ///< RFC 5322, CRLF
    base::Duration timeout = std::chrono::seconds(30);
};

struct Mailed {
    bool accepted = false; ///< by the server, for one recipient at least
    int code = 0;          ///< the server's last reply code; 0: there was none
    std::string replies;   ///< refusals and the last reply, a line each
    std::string error;     ///< why not, in words; "" where all was taken
    bool cancelled = false;
};

class Mailer {
  public:
    explicit Mailer(std::string ca_file); ///< "" = the system's certificates
    ~Mailer();
    Mailer(const Mailer&) = delete;
    Mailer& operator=(const Mailer&) = delete;

    boost::asio::awaitable<Mailed> send(Letter letter);
    void stop(); ///< what is being sent ends within a second or so, cancelled

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cdtd::http
