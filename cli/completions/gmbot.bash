# Completion for bash: the binary knows what may come next, also from the live database.
_gmbot() {
    local line=${COMP_LINE:0:COMP_POINT} words word head candidate
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    word=${words[${#words[@]} - 1]}
    # bash replaces only what follows the last word break (`@` is one): the rest is cut off.
    head=${word%"${word##*[$COMP_WORDBREAKS]}"}
    head=${head%@}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        COMPREPLY+=("$(printf '%q' "${candidate#"$head"}")")
    done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
}
complete -o default -F _gmbot gmbot
