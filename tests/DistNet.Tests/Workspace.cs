using System.Text.Json;

namespace DistNet.Tests;

/// <summary>A folder of its own for one test, with small images in "data" and runs in "runs"; gone afterwards.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace(int training = 240, int test = 60)
    {
        Directory.CreateDirectory(Root);
        SmallImages.WriteFolder(Data, training, test);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("distnet-").FullName;

    public string Data => Path.Combine(Root, "data");

    public string Runs => Path.Combine(Root, "runs");

    /// <summary>A short run's command line; the options given replace its own.</summary>
    public string[] Train(params string[] options)
    {
        (string Name, string Value)[] usual = [("--data", Data), ("--runs", Runs), ("--hidden", "16"), ("--batch", "32"), ("--epochs", "2")];
        return ["train", .. usual.Where(option => !options.Contains(option.Name)).SelectMany(option => (string[])[option.Name, option.Value]), .. options];
    }

    /// <summary>Runs a command line in this process.</summary>
    public static async Task<Outcome> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await DistNetProgram.RunAsync(arguments, new Terminal(output, error));
        return new Outcome(code, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>What a command line came to.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    /// <summary>The one line on standard output.</summary>
    public JsonElement Result => JsonDocument.Parse(Assert.Single(Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;

    public string Sha256 => Result.GetProperty("weightsSha256").GetString()!;

    /// <summary>The only sentence on standard error.</summary>
    public string Sentence => Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
