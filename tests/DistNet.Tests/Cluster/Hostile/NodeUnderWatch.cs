using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DistNet.Tests.Cluster.Hostile;

/// <summary>A node process of `distnet train --nodes`, as its machine sees it.</summary>
/// <param name="Name">coordinator, parameter-server-0, worker-0, ...</param>
/// <param name="Process">Its number.</param>
/// <param name="Port">Where it takes messages.</param>
/// <param name="TensorPort">Where it takes tensors.</param>
internal sealed partial record NodeUnderWatch(string Name, int Process, int Port, int TensorPort)
{
    private const double BytesOfMegabyte = 1e6;
    private const double BytesOfKibibyte = 1024;

    /// <summary>Memory that it holds now, MB.</summary>
    public double ResidentMegabytes => Status("VmRSS");

    /// <summary>The most that it has held, MB.</summary>
    public double PeakMegabytes => Status("VmHWM");

    /// <summary>The cluster's secret, which the node was given in its environment.</summary>
    public byte[] Secret => Encoding.UTF8.GetBytes(
        File.ReadAllText($"/proc/{Process}/environ").Split('\0').Single(variable => variable.StartsWith("DISTNET_SECRET=", StringComparison.Ordinal))["DISTNET_SECRET=".Length..]);

    /// <summary>The nodes of the newest run in a folder.</summary>
    /// <param name="runs">The folder of runs.</param>
    /// <param name="processes">Oldest first: in the order in which they are started, their names are sorted.</param>
    public static NodeUnderWatch[] Of(string runs, int[] processes)
    {
        var logs = Directory.GetFiles(Path.Combine(Directory.GetDirectories(runs).Max()!, "nodes"), "*.log").Order(StringComparer.Ordinal).ToArray();
        if (logs.Length != processes.Length) throw new InvalidOperationException($"{processes.Length} nodes run and {logs.Length} have a log.");
        return [.. logs.Zip(processes, Read)];
    }

    private static NodeUnderWatch Read(string log, int process)
    {
        var ports = Introduction().Match(File.ReadAllText(log)).Groups;
        return new NodeUnderWatch(Path.GetFileNameWithoutExtension(log), process, Number(ports[1].Value), Number(ports[2].Value));
    }

    private double Status(string field)
    {
        var line = File.ReadLines($"/proc/{Process}/status").Single(line => line.StartsWith(field + ':', StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * BytesOfKibibyte / BytesOfMegabyte;
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"listening \S+:(\d+) tensors \S+:(\d+)")]
    private static partial Regex Introduction();
}
