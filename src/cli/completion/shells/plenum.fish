# Completion of plenum for fish:  plenum completion fish > ~/.config/fish/completions/plenum.fish
function __plenum_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (plenum __complete $words[2..-1] 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            printf '%s\n' $line
        end
    end
end
complete -c plenum -f -a '(__plenum_complete)'
