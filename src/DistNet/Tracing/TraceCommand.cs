using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using DistNet.Actors;
using DistNet.Neural;
using DistNet.Protocol;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet trace`: where one weight's gradient comes from, in a real network: factors, examples, micro-batches, workers.</summary>
internal sealed partial class TraceCommand
{
    private readonly ModelArgument _model = new();
    private readonly Option<int> _example = CommandOptions.Count("--example", "INDEX", 0, 0, "The training example, counted from 0");
    private readonly Option<string> _unit = new("--unit")
    {
        HelpName = "NAME",
        Description = "The weight or bias, as in dense_0/kernel[300,40] or dense_1/bias[3]",
        Required = true,
    };
    private readonly Option<int?> _epoch =
        CommandOptions.OptionalCount("--epoch", "N", 1, "The epoch whose mini-batch with the example is shown [default: the last]");
    private readonly Option<string?> _data = CommandOptions.OptionalText("--data", "DIR|FILE.csv", "The model's images or table [default: where they were]");

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var trace = new TraceCommand();
        var command = new ProgramCommand(
            "trace",
            "Show where one weight's gradient comes from: each factor, each example's and each micro-batch's part, and from which worker it came",
            "distnet trace latest --example 7 --unit 'dense_0/kernel[300,40]'",
            "distnet trace latest --example 7 --unit dense_1/bias[3] --epoch 1");
        trace._model.AddTo(command);
        command.Add([trace._example, trace._unit, trace._epoch, trace._data]);
        command.SetAction(async parsed => await trace.RunAsync(parsed, terminal).ConfigureAwait(false));
        return command;
    }

    private async Task RunAsync(ParseResult parsed, Terminal terminal)
    {
        var model = _model.Read(parsed);
        var unit = TracedUnit.Parse(parsed.GetRequiredValue(_unit), model.Spec.Network);
        var examples = Load(parsed, model);
        var plan = RunPlan.Of(model.Spec, examples.Count);
        var epochs = model.Version > 0 ? plan.EpochOf(model.Version - 1) : plan.Epochs; // a run may have stopped early; an imported model has no steps
        var (example, epoch) = (parsed.GetValue(_example), parsed.GetValue(_epoch) ?? epochs);
        if (example >= plan.TrainingExampleCount)
        {
            throw new UsageException(
                $"there is no training example {example}: the {plan.TrainingExampleCount} are numbered from 0 to {plan.TrainingExampleCount - 1}");
        }

        if (epoch > epochs) throw new UsageException($"the model was trained for {epochs} epochs, so it has no epoch {epoch}");
        var trace = new WeightTrace(model, examples, unit);
        var step = TracedStep.Of(model.Spec, plan, example, epoch);
        var output = terminal.Output;
        output.WriteLine($"{unit} = {TraceText.Number(model.Parameters[unit.Index])}, {Kind(unit)} unit {unit.Unit} of dense_{unit.Tensor.Layer}");
        output.WriteLine($"E of example {example}, by the final weights, without dropout and distortion; {KerasNames.Of(model.Spec.Network.Loss)}");
        output.WriteLine();
        new TraceText(model.Spec.Network, unit, terminal).WriteFactors(trace.Factors(example), trace.NumericalDerivative(example));
        output.WriteLine();
        WriteStep(step, plan, trace, await WorkersAsync(parsed, model, plan, unit).ConfigureAwait(false), terminal);
    }

    private static string Kind(TracedUnit unit) => unit.Tensor.IsKernel
        ? $"the weight from {(unit.Tensor.Layer == 0 ? "input" : "unit")} {unit.From}{(unit.Tensor.Layer == 0 ? "" : $" of dense_{unit.Tensor.Layer - 1}")} to"
        : "the bias of";

    private IExampleSet Load(ParseResult parsed, Model model)
    {
        var request = DataRequest.Find(model.Data, parsed.GetValue(_data));
        var examples = request.LoadTraining();
        var isOther = model.Data.ContentHash.Length > 0 ? model.Data.ContentHash != examples.ContentHash : model.Spec.Network.InputSize != examples.InputSize;
        return isOther
            ? throw new InvalidDataException($"{request.Path} holds other data than the model was trained on; name where that is with --data")
            : examples;
    }

    // Of the shard that holds the weight; null where the run left no ledger.
    private async Task<Func<long, int, string?>?> WorkersAsync(ParseResult parsed, Model model, RunPlan plan, TracedUnit unit)
    {
        if (_model.RunOf(parsed) is not { } run || !JournalOptions.HasFile(run)) return null;
        var ledger = new StepLookup(await JournalReader.ReadAsync(JournalOptions.FileOf(run)).ConfigureAwait(false));
        if (ledger.ParameterShards < 1) return null;
        var shard = ShardAssignment.Cut(model.Spec, plan, ledger.ParameterShards).Last(shard => shard.Offset <= unit.Index).Shard;
        return (version, microBatch) => ledger.WorkerOf(shard, version, microBatch);
    }

    // worker-0 of 127.0.0.1:4053; in one process, worker-0.
    private static string Worker(string? address) => address is null ? ""
        : WorkerAddress().Match(address) is not { Success: true } match ? address
        : match.Groups[1].Length > 0 ? $"{match.Groups[2].Value} of {match.Groups[1].Value}"
        : match.Groups[2].Value;

    [GeneratedRegex(@"^akka(?:\.tcp)?://[^@/]+(?:@([^/]+))?/(?:.*/)?([^/#\s]+)")]
    private static partial Regex WorkerAddress();

    private static void WriteStep(TracedStep step, RunPlan plan, WeightTrace trace, Func<long, int, string?>? workerOf, Terminal terminal)
    {
        double[] parts = [.. step.Examples.Select(trace.Derivative)];
        terminal.Output.WriteLine(
            $"Epoch {plan.EpochOf(step.Version)} takes it in step {Figures.Whole(step.Version + 1)}, micro-batch {step.MicroBatch}. "
            + "By the same weights, dE/dw is in that step");
        var table = new Table().Border(TableBorder.Simple);
        foreach (var name in (string[])["micro-batch", "examples", "sum of dE/dw"]) table.AddColumn(name, column => column.RightAligned());
        if (workerOf is not null) table.AddColumn("sum came from");
        for (var i = 0; i < step.MicroBatches; i++)
        {
            var part = step.PartOf(i);
            string[] row = [$"{(i == step.MicroBatch ? "* " : "")}{i}", $"{part.End.Value - part.Start.Value}", TraceText.Number(parts[part].Sum())];
            table.AddRow(workerOf is null ? row : [.. row, Worker(workerOf(step.Version, i)).EscapeMarkup()]);
        }

        terminal.Rich.Write(table);
        terminal.Output.WriteLine($"mean over {parts.Length} examples: {TraceText.Number(parts.Sum() / parts.Length)}");
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"Examples of micro-batch {step.MicroBatch}, in its order");
        var own = step.PartOf(step.MicroBatch);
        for (var i = own.Start.Value; i < own.End.Value; i++)
        {
            var mark = step.Examples[i] == step.Example ? "*" : " ";
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {mark} {step.Examples[i],7}  {TraceText.Number(parts[i])}"));
        }

    }
}
