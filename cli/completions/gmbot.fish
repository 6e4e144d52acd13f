# Completion for fish: the binary knows what may come next, also from the live database.
function __gmbot_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l found ($words[1] complete -- $words[2..-1] (commandline --current-token --cut-at-cursor) 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline --current-token --cut-at-cursor)
    end
end
complete --command gmbot --no-files --arguments '(__gmbot_complete)'
