@rem npm start is "exec node ...", so that Ctrl-C and the exit code are the server's own and not those of a shell between.
@rem The shell of Windows has no exec; it finds this file instead.
@%*
