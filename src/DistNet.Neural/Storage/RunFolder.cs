using System.Text;

namespace DistNet.Neural;

/// <summary>What one run leaves on disk, all in a folder of its own.</summary>
/// <remarks>
/// <c>run.json</c> (what the run is), <c>history.jsonl</c> (a line per epoch), <c>checkpoints/</c>, <c>model.safetensors</c> and <c>result.json</c>.
/// Everything but the history is replaced as a whole or not at all. No run touches another run's folder.
/// </remarks>
public sealed class RunFolder : ICheckpointStore
{
    /// <summary>The name by which the newest run can be opened.</summary>
    public const string Latest = "latest";

    internal const string DescriptionName = "run.json";

    private readonly CheckpointFolder _checkpoints;

    internal RunFolder(string path, RunDescription description)
    {
        (Path, Description) = (path, description);
        Id = System.IO.Path.GetFileName(path);
        _checkpoints = new CheckpointFolder(System.IO.Path.Combine(path, "checkpoints"));
    }

    /// <summary>The run's id, which is its folder's name: the second it began, UTC, and a number if that was taken.</summary>
    public string Id { get; }

    /// <summary>The run's folder.</summary>
    public string Path { get; }

    /// <summary>What the run is.</summary>
    public RunDescription Description { get; }

    /// <summary>Where the model lies once it is saved.</summary>
    public string ModelPath => System.IO.Path.Combine(Path, "model.safetensors");

    /// <summary>The run's checkpoints.</summary>
    public CheckpointFolder Checkpoints => _checkpoints;

    private string HistoryPath => System.IO.Path.Combine(Path, "history.jsonl");

    private string ResultPath => System.IO.Path.Combine(Path, "result.json");

    /// <summary>Begins a run: makes a folder with an id that no other run has, even if several begin at once.</summary>
    /// <param name="runsDirectory">The folder of all runs; made if it does not exist.</param>
    /// <param name="spec">The run specification.</param>
    /// <param name="data">The training data.</param>
    /// <param name="engine">How the run is carried out.</param>
    /// <param name="time">Gives the id and <see cref="RunDescription.Created"/>.</param>
    /// <exception cref="IOException">The disk is full, read-only or gone.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static RunFolder Create(string runsDirectory, TrainingSpec spec, DataDescription data, EngineSettings engine, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(runsDirectory);
        ArgumentNullException.ThrowIfNull(time);
        var description = new RunDescription { Created = time.GetUtcNow(), Spec = spec, Data = data, Engine = engine };
        return new RunFolder(RunCatalog.CreateFolder(runsDirectory, description), description);
    }

    /// <summary>Opens a run.</summary>
    /// <param name="runsDirectory">The folder of all runs.</param>
    /// <param name="run">An id, the beginning of one that only one run has, "latest", or the path of a run's folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such run, or more than one.</exception>
    /// <exception cref="InvalidDataException">The run's <c>run.json</c> is damaged.</exception>
    /// <exception cref="IOException">The run cannot be read.</exception>
    public static RunFolder Open(string runsDirectory, string run)
    {
        ArgumentException.ThrowIfNullOrEmpty(runsDirectory);
        ArgumentException.ThrowIfNullOrEmpty(run);
        var path = RunCatalog.Find(runsDirectory, run);
        return new RunFolder(path, ReadDescription(path));
    }

    /// <summary>All runs, oldest first. Damage in one run shows in its line and hides no other.</summary>
    /// <param name="runsDirectory">The folder of all runs; none are listed if it does not exist.</param>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static IReadOnlyList<RunSummary> List(string runsDirectory)
    {
        ArgumentException.ThrowIfNullOrEmpty(runsDirectory);
        return RunCatalog.List(runsDirectory);
    }

    /// <inheritdoc/>
    public string Save(Checkpoint checkpoint) => _checkpoints.Save(checkpoint);

    /// <inheritdoc cref="CheckpointFolder.LoadLatest"/>
    public Checkpoint? LoadLatest() => _checkpoints.LoadLatest();

    /// <summary>Adds a line to the history.</summary>
    /// <exception cref="IOException">The disk is full, read-only or gone.</exception>
    public void AppendEpoch(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        HistoryFile.Append(HistoryPath, report);
    }

    /// <summary>The epochs reported so far, in order, each once even if the run was resumed before it.</summary>
    /// <exception cref="InvalidDataException">The history is damaged.</exception>
    public IReadOnlyList<EpochReport> ReadHistory() => HistoryFile.Read(HistoryPath);

    /// <summary>
    /// Takes the run for this process until the claim is disposed of or the process ends: two that train the same run would delete each other's files.
    /// </summary>
    /// <exception cref="RunClaimedException">Another process has it.</exception>
    /// <exception cref="IOException">The disk is full, read-only or gone.</exception>
    public IDisposable Claim() =>
        FileClaim.TryTake(System.IO.Path.Combine(Path, "run.lock"))
        ?? throw new RunClaimedException($"run {Id} is being trained by another process; wait for its end, or stop it");

    /// <summary>Writes the model.</summary>
    /// <returns><see cref="ModelPath"/>.</returns>
    /// <exception cref="IOException">The disk is full, read-only or gone.</exception>
    public string SaveModel(Model model)
    {
        ModelFile.Write(ModelPath, model);
        return ModelPath;
    }

    /// <summary>Writes how the run ended.</summary>
    /// <exception cref="IOException">The disk is full, read-only or gone.</exception>
    public void WriteResult(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        WriteText(ResultPath, result.ToJson());
    }

    /// <summary>How the run ended, or null if it has not.</summary>
    /// <exception cref="InvalidDataException">The result is damaged.</exception>
    public RunResult? ReadResult() => ReadResult(Path);

    internal static RunResult? ReadResult(string runPath)
    {
        var path = System.IO.Path.Combine(runPath, "result.json");
        return File.Exists(path) ? RunResult.Parse(path, File.ReadAllText(path)) : null;
    }

    internal static RunDescription ReadDescription(string runPath)
    {
        var path = System.IO.Path.Combine(runPath, DescriptionName);
        return RunDescription.Parse(path, File.ReadAllText(path));
    }

    internal static void WriteText(string path, string text) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text + "\n")));
}
