namespace DistNet.Tests;

public sealed class CompletionSpecs : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("tr", "train")]
    [InlineData("train --opt", "--optimizer")]
    [InlineData("train --optimizer ada", "adamw")]
    [InlineData("train --activation ", "relu")]
    [InlineData("train --loss half", "half_squared_error")]
    [InlineData("train --schedule ", "cosine")]
    [InlineData("data ", "verify")]
    [InlineData("completions ", "fish")]
    public async Task Commands_options_and_values_are_completed(string line, string expected) =>
        Assert.Contains(expected, await Suggestions(line));

    [Theory]
    [InlineData("train --resume ")]
    [InlineData("runs show ")]
    [InlineData("evaluate --model ")]
    public async Task Runs_are_completed(string line)
    {
        await Workspace.Run(_work.Train("--plain"));
        var command = line.Replace(" -", $" --runs {_work.Runs} -", StringComparison.Ordinal).Replace("show ", $"show --runs {_work.Runs} ", StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(Directory.GetDirectories(_work.Runs).Single()), await Suggestions(command));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Each_shell_has_a_script_that_asks_the_program(string shell)
    {
        var outcome = await Workspace.Run("completions", shell);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("[suggest:", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_shell_is_a_usage_error()
    {
        var outcome = await Workspace.Run("completions", "csh");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("bash, zsh, fish, pwsh", outcome.Sentence, StringComparison.Ordinal);
    }

    private static async Task<string[]> Suggestions(string line) =>
        (await Workspace.Run($"[suggest:{line.Length}]", line)).Output.Split('\n', StringSplitOptions.TrimEntries);
}
