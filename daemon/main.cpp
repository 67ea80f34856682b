#include <cdtd/app/commands.hpp>

int main(int argc, char** argv) {
    return cdtd::app::main_command(argc, argv);
}
