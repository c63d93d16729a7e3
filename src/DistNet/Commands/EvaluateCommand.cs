using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>`distnet evaluate`: accuracy, loss, confusion matrix, precision and recall of a model.</summary>
internal static class EvaluateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var (model, data) = (new ModelOptions(), new DataOptions());
        var command = new ProgramCommand(
            "evaluate",
            "Measure a model: accuracy, loss, confusion matrix, precision and recall",
            "distnet evaluate",
            "distnet evaluate --model latest --split train");
        command.Add([.. model.All, .. data.All]);
        command.SetAction(parsed =>
        {
            var loading = Task.Run(() => data.Load(parsed));
            var trained = model.Read(parsed);
            Write(Evaluation.Evaluate(trained.Spec.Network, trained.Parameters, loading.GetAwaiter().GetResult()), terminal);
        });
        return command;
    }

    private static void Write(EvaluationResult result, Terminal terminal)
    {
        terminal.Output.WriteLine(
            $"accuracy {Figures.Percent(result.Accuracy)}  loss {Figures.Loss(result.Loss)}  over {Figures.Whole(result.Statistics.Examples)} images");
        if (result.Confusion.ClassCount == 0) return;
        terminal.Rich.Write(EvaluationTables.Confusion(result.Confusion));
        terminal.Rich.Write(EvaluationTables.PerClass(result.Confusion));
    }
}
