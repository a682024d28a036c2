function _mailtui_completion
    set -l command (commandline -po)[1]
    set -l kept (string match -r -- '^-[^=]*=' (commandline -ct))
    set -l typed (string replace -r -- '^-[^=]*=' '' (commandline -ct))
    for completion in (env COMP_WORDS=(commandline -cp | string collect) COMP_CWORD=(commandline -ct) \
            _MAILTUI_COMPLETE=fish_complete $command 2>/dev/null)
        set -l found (string split -m 1 , -- $completion)
        switch $found[1]
            case dir
                string replace -r '^' -- "$kept" (complete -C "'' $typed" | string match -r '.*/$')
            case file
                string replace -r '^' -- "$kept" (complete -C "'' $typed")
            case plain
                printf '%s\n' "$kept$found[2]"
        end
    end
end

complete --no-files --command mailtui --arguments '(_mailtui_completion)'
