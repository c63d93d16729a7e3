using System.Globalization;

namespace DistNet.Neural;

/// <summary>A checkpoint that could not be read, and why.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">One sentence.</param>
public sealed record DamagedCheckpoint(string Path, string Reason);

/// <summary>The newest checkpoints of one run, a file each, named by their step: <c>step-00000469.safetensors</c>.</summary>
/// <remarks>Safe to use from several threads. The folder is made when the first checkpoint is saved.</remarks>
public sealed class CheckpointFolder : ICheckpointStore
{
    /// <summary>Checkpoints that stay; older ones are deleted once a newer one is safe.</summary>
    public const int KeptCount = 3;

    private const string Prefix = "step-";
    private const string Suffix = ".safetensors";

    private readonly string _directory;
    private readonly Lock _lock = new();
    private IReadOnlyList<DamagedCheckpoint> _damaged = []; // newest first; written under the lock, replaced as a whole

    /// <summary>The checkpoints in a folder, which need not exist yet.</summary>
    public CheckpointFolder(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = directory;
    }

    /// <summary>The checkpoints that <see cref="LoadLatest"/> had to pass over when it was last called, newest first.</summary>
    public IReadOnlyList<DamagedCheckpoint> Damaged => _damaged;

    /// <summary>The files, newest first.</summary>
    public IReadOnlyList<string> Paths => [.. Steps().Select(PathOf)];

    /// <summary>The newest file that is not known to be damaged, or null if there is none.</summary>
    public string? NewestIntact => Intact().FirstOrDefault();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameters or a slot do not fit the network.</exception>
    public string Save(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        lock (_lock)
        {
            Directory.CreateDirectory(_directory);
            var path = PathOf(checkpoint.Version);
            CheckpointFile.Write(path, checkpoint);
            _damaged = [.. _damaged.Where(damaged => damaged.Path != path)];
            Prune();
            return path;
        }
    }

    /// <summary>The newest checkpoint that is intact, or null if there is none. Those passed over are in <see cref="Damaged"/>.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder or a file may not be read.</exception>
    public Checkpoint? LoadLatest()
    {
        lock (_lock)
        {
            var damaged = new List<DamagedCheckpoint>();
            var loaded = Paths.Select(path => TryRead(path, damaged)).FirstOrDefault(checkpoint => checkpoint is not null);
            _damaged = damaged;
            return loaded;
        }
    }

    private static Checkpoint? TryRead(string path, List<DamagedCheckpoint> damaged)
    {
        try
        {
            return CheckpointFile.Read(path);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            damaged.Add(new DamagedCheckpoint(path, failure.Message));
            return null;
        }
    }

    /// <summary>Deletes all but the newest. Damaged ones do not count: were they newer than what was resumed, they would crowd out the intact.</summary>
    private void Prune()
    {
        foreach (var path in Intact().Skip(KeptCount))
            File.Delete(path);
        foreach (var abandoned in Directory.EnumerateFiles(_directory, "*" + AtomicFile.TemporarySuffix))
            File.Delete(abandoned);
    }

    private IEnumerable<string> Intact() => Paths.Except(_damaged.Select(damaged => damaged.Path));

    private IEnumerable<long> Steps() => Directory.Exists(_directory)
        ? Directory.EnumerateFiles(_directory, $"{Prefix}*{Suffix}").Select(StepOf).OfType<long>().OrderDescending()
        : [];

    private static long? StepOf(string path)
    {
        var digits = Path.GetFileName(path)[Prefix.Length..^Suffix.Length];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
    }

    private string PathOf(long step) =>
        Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D8}{Suffix}"));
}
