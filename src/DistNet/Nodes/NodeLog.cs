namespace DistNet;

/// <summary>What the nodes of a run say, a file for each: <c>runs/RUN/nodes/worker-0.log</c>.</summary>
/// <param name="folder">Made where it is missing.</param>
internal sealed class NodeLog(string folder)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _last = [];

    /// <summary>Adds a line, or leaves it out of the file where that cannot be written: it is about a run, which goes on.</summary>
    public void Write(string node, string line)
    {
        lock (_gate)
        {
            _last[node] = line;
            try
            {
                Directory.CreateDirectory(folder);
                File.AppendAllText(Path.Combine(folder, $"{node}.log"), line + Environment.NewLine);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // What stopped the file will stop the run's own files as well, which say so.
            }
        }
    }

    /// <summary>The last thing a node said.</summary>
    public string LastOf(string node)
    {
        lock (_gate) return _last.TryGetValue(node, out var line) ? line : "it said nothing";
    }
}
