#compdef gmbot
# Completion for zsh: the binary knows what may come next, also from the live database.
_gmbot() {
    local -a found
    local line
    for line in "${(@f)$("$words[1]" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        [[ -n $line ]] && found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    if (( $#found )); then
        _describe -t words 'word' found
    else
        _files
    fi
}
compdef _gmbot gmbot
