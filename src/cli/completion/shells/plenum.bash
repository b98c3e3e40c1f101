# Completion of plenum for bash. In ~/.bashrc:  source <(plenum completion bash)
_plenum() {
  local IFS=$'\n' line current="${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  [[ $current == = ]] && current=
  while read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      COMPREPLY+=($(compgen -f -- "$current"))
    else
      line=${line%%$'\t'*}
      # bash breaks words at "=", and wants only what follows it.
      [[ $line == --*=* ]] && line=${line#*=}
      COMPREPLY+=("$(printf '%q' "$line")")
    fi
  done < <(plenum __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _plenum plenum
