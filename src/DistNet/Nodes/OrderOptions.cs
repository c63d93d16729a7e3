using System.CommandLine;
using System.Security.Cryptography;
using DistNet.Actors;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet;

/// <summary>The options of a run that a cluster is to train.</summary>
internal sealed class OrderOptions
{
    private readonly SpecOptions _spec = new();
    private readonly Option<int> _workers =
        CommandOptions.Count("--workers", "N", 1, 1, "Workers to wait for before the first step; any number gives the same bits", RunSettings.MostWorkers);
    private readonly Option<int> _servers = CommandOptions.Count("--parameter-servers", "P", 1, 1, "Parameter-server nodes to wait for", RunSettings.MostParameterShards);
    private readonly Option<int?> _shards =
        CommandOptions.OptionalCount(
            "--parameter-shards", "N", 1,
            "Parts the parameters are cut into; any number gives the same bits [default: as many as parameter servers]", RunSettings.MostParameterShards);
    private readonly Option<int> _checkpointEvery =
        CommandOptions.Count("--checkpoint-every", "STEPS", 0, 0, "Steps between checkpoints; 0 for one after each epoch");
    private readonly Option<string?> _resume =
        CommandOptions.OptionalText("--resume", "RUN", "Go on with a run of the coordinator's: its id, the beginning of it, or latest");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [.. _spec.All, _workers, _servers, _shards, _checkpointEvery, _spec.File, _resume];

    /// <summary>What is asked for, once the cluster's data is known.</summary>
    /// <exception cref="UsageException">--resume stands beside an option that would change the run.</exception>
    public Func<ClusterData, SubmitRun> Read(ParseResult parsed)
    {
        if (parsed.GetValue(_resume) is { } run) return Resume(parsed, run);
        var spec = _spec.Read(parsed);
        return data => Order(parsed, TrainingSpecJson.Write(spec(TrainingSpecJson.Read(data.Usual, "the cluster's answer"), data.Examples)), "");
    }

    /// <summary>The same, from the text of an option.</summary>
    /// <param name="option">Name of the option, for errors.</param>
    /// <param name="text">As after `distnet submit`.</param>
    /// <exception cref="UsageException">The text holds something else.</exception>
    public Func<ClusterData, SubmitRun> Read(string option, string text)
    {
        var parsed = Parse(text);
        return parsed.Errors.Count > 0 ? throw new UsageException($"{option}: {parsed.Errors[0].Message.TrimEnd('.')}") : Read(parsed);
    }

    private ParseResult Parse(string text)
    {
        var command = new ProgramCommand("submit", "");
        command.Add(All);
        return command.Parse(text);
    }

    private Func<ClusterData, SubmitRun> Resume(ParseResult parsed, string run)
    {
        _spec.RefuseBeside(parsed, run);
        return _ => Order(parsed, "", run);
    }

    private SubmitRun Order(ParseResult parsed, string spec, string resume)
    {
        var (workers, servers) = (parsed.GetValue(_workers), parsed.GetValue(_servers));
        return new SubmitRun(NewId(), spec, resume, workers, servers, parsed.GetValue(_shards) ?? servers, parsed.GetValue(_checkpointEvery));
    }

    /// <summary>An id that no other order has.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
