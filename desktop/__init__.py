"""The program a host starts: window, player and command line, and the headless run beside them."""
