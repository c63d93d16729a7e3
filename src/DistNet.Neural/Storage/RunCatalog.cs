namespace DistNet.Neural;

/// <summary>The folder of all runs: makes, finds and lists the runs in it.</summary>
internal static class RunCatalog
{
    private const string UnfinishedPrefix = ".new-";

    /// <summary>Makes a run's folder under a name that is still free.</summary>
    /// <remarks>
    /// The folder is filled under a random name first. Renaming it fails if a run has the name, so two processes never get one
    /// folder, and no run is seen half made.
    /// </remarks>
    public static string CreateFolder(string runsDirectory, RunDescription description)
    {
        var unfinished = Path.Combine(runsDirectory, UnfinishedPrefix + Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(unfinished);
        }
        catch (IOException failure)
        {
            throw new IOException($"No run can begin in {runsDirectory}: {failure.Message}", failure);
        }
        return FillFolder(unfinished, runsDirectory, description);
    }

    private static string FillFolder(string unfinished, string runsDirectory, RunDescription description)
    {
        var complete = false;
        try
        {
            RunFolder.WriteText(Path.Combine(unfinished, RunFolder.DescriptionName), description.ToJson());
            var path = RunId.Candidates(description.Created)
                .Select(id => Path.Combine(runsDirectory, id))
                .First(path => TryRename(unfinished, path));
            complete = true;
            AtomicFile.FlushFolder(runsDirectory);
            return path;
        }
        finally
        {
            if (!complete)
                Directory.Delete(unfinished, recursive: true);
        }
    }

    /// <summary>The folder of the run that a user means.</summary>
    public static string Find(string runsDirectory, string run)
    {
        if (IsRun(run) && run.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar))
            return Path.TrimEndingDirectorySeparator(run);
        var ids = List(runsDirectory).Select(summary => summary.Id).ToList();
        if (ids.Count == 0)
            throw new DirectoryNotFoundException($"There are no runs in {runsDirectory}; train first, or name the folder that holds the runs.");
        if (run == RunFolder.Latest)
            return Path.Combine(runsDirectory, ids[^1]);
        var found = ids.Contains(run) ? [run] : ids.FindAll(id => id.StartsWith(run, StringComparison.Ordinal));
        return found switch
        {
            [var id] => Path.Combine(runsDirectory, id),
            [] => throw new DirectoryNotFoundException($"There is no run '{run}' in {runsDirectory}; the latest is {ids[^1]}."),
            _ => throw new DirectoryNotFoundException($"The name '{run}' fits {found.Count} runs in {runsDirectory}, {found[0]} to {found[^1]}; give more of the id."),
        };
    }

    /// <summary>All runs, oldest first.</summary>
    public static IReadOnlyList<RunSummary> List(string runsDirectory)
    {
        if (!Directory.Exists(runsDirectory))
            return [];
        var runs = Directory.EnumerateDirectories(runsDirectory).Where(IsRun).Select(Summarize);
        return [.. runs.OrderBy(Age).ThenBy(run => run.Id, StringComparer.Ordinal)];
    }

    private static bool IsRun(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return !name.StartsWith(UnfinishedPrefix, StringComparison.Ordinal)
            && Directory.Exists(path)
            && (RunId.Parse(name) is not null || File.Exists(Path.Combine(path, RunFolder.DescriptionName)));
    }

    private static RunSummary Summarize(string path)
    {
        var id = Path.GetFileName(path);
        RunDescription? description = null;
        try
        {
            description = RunFolder.ReadDescription(path);
            return new RunSummary(id, path, description, RunFolder.ReadResult(path), null);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new RunSummary(id, path, description, null, failure.Message);
        }
    }

    /// <summary>When a run began: its name says so to the second even if the rest is damaged; a renamed one has only its description.</summary>
    private static (DateTime Time, int Number) Age(RunSummary run) =>
        RunId.Parse(run.Id) ?? (run.Description?.Created.UtcDateTime ?? DateTime.MinValue, 1);

    private static bool TryRename(string from, string to)
    {
        if (Path.Exists(to))
            return false;
        try
        {
            Directory.Move(from, to);
            return true;
        }
        catch (IOException) when (Path.Exists(to))
        {
            return false;
        }
    }
}
