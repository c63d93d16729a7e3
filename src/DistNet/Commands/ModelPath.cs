using System.CommandLine;

namespace DistNet;

/// <summary>Where the model is that a user names by its file or by its run.</summary>
internal static class ModelPath
{
    /// <summary>The file itself, or the model of the run: by id, unique beginning of one, path, or "latest".</summary>
    /// <exception cref="UsageException">The run has no model yet.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such run.</exception>
    public static string Of(string name, RunsOption runs, ParseResult parsed)
    {
        if (File.Exists(name)) return name;
        var run = runs.Open(parsed, name);
        return File.Exists(run.ModelPath) ? run.ModelPath : throw new UsageException(
            $"run {run.Id} has no model yet; finish it with: distnet train --resume {run.Id}{RunsOption.Repeat(run)}");
    }
}
