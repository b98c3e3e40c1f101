#compdef plenum
# Completion of plenum for zsh. In ~/.zshrc, behind compinit:  source <(plenum completion zsh)
_plenum() {
  local line
  local -a names shown
  for line in "${(@f)$(plenum __complete "${(@)words[2,$CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      _files
    elif [[ -n $line ]]; then
      names+=("${line%%$'\t'*}")
      shown+=("${line%%$'\t'*}${${line#*$'\t'}:+  -- ${line#*$'\t'}}")
    fi
  done
  (( $#names )) && compadd -l -d shown -a names
}
compdef _plenum plenum
