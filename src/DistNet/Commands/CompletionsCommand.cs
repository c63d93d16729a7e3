using System.CommandLine;

namespace DistNet;

/// <summary>`distnet completions SHELL`: a script that completes commands, options and values in that shell.</summary>
/// <remarks>Each script asks the program itself, through its suggest directive, so completions never go stale.</remarks>
internal static class CompletionsCommand
{
    private const string Bash = """
        # Add to ~/.bashrc:  source <(distnet completions bash)
        _distnet() {
            local word="${COMP_WORDS[COMP_CWORD]}" line="${COMP_LINE#* }"
            local point=$((COMP_POINT - (${#COMP_LINE} - ${#line})))
            mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$point]" "$line" 2>/dev/null)" -- "$word")
        }
        complete -o default -F _distnet distnet
        """;

    private const string Zsh = """
        # Add to ~/.zshrc, after compinit:  source <(distnet completions zsh)
        _distnet() {
            local line="${BUFFER#* }" suggestions
            local point=$((CURSOR - (${#BUFFER} - ${#line})))
            suggestions=("${(@f)$("${words[1]}" "[suggest:$point]" "$line" 2>/dev/null)}")
            compadd -a suggestions || _files
        }
        compdef _distnet distnet
        """;

    private const string Fish = """
        # distnet completions fish > ~/.config/fish/completions/distnet.fish
        function __distnet_complete
            set -l line (string replace -r '^\S+\s' '' -- (commandline -cp))
            distnet "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c distnet -a '(__distnet_complete)'
        """;

    private const string PowerShell = """
        # Add to $PROFILE:  distnet completions pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName distnet -ScriptBlock {
            param($word, $ast, $position)
            $line = $ast.ToString() -replace '^\S+\s?', ''
            $point = $position - ($ast.ToString().Length - $line.Length)
            distnet "[suggest:$point]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["pwsh"] = PowerShell };

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh" };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var command = new ProgramCommand(
            "completions",
            "Print a script that completes commands and values in a shell",
            "source <(distnet completions bash)") { shell };
        command.SetAction(parsed => terminal.Output.WriteLine(Script(parsed.GetRequiredValue(shell))));
        return command;
    }

    private static string Script(string shell) =>
        Scripts.TryGetValue(shell, out var script) ? script : throw new UsageException(
            $"there is no completion script for '{shell}'; ask for one of {string.Join(", ", Scripts.Keys)}");
}
