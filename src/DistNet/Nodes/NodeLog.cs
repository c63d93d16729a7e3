namespace DistNet;

/// <summary>What the nodes of a run say, a file for each: <c>runs/RUN/nodes/worker-0.log</c>.</summary>
/// <param name="folder">Made where it is missing.</param>
internal sealed class NodeLog(string folder)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _last = [];

    /// <summary>Adds a line.</summary>
    public void Write(string node, string line)
    {
        lock (_gate)
        {
            _last[node] = line;
            Directory.CreateDirectory(folder);
            File.AppendAllText(Path.Combine(folder, $"{node}.log"), line + Environment.NewLine);
        }
    }

    /// <summary>The last thing a node said.</summary>
    public string LastOf(string node)
    {
        lock (_gate) return _last.TryGetValue(node, out var line) ? line : "it said nothing";
    }
}
