using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>`distnet evaluate`: accuracy, loss, confusion matrix, precision and recall of a model, or the errors of a regression.</summary>
internal static class EvaluateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var (model, data) = (new ModelOptions(), new DataOptions());
        var command = new ProgramCommand(
            "evaluate",
            "Measure a model: accuracy, loss, confusion matrix, precision and recall; of a regression its errors",
            "distnet evaluate",
            "distnet evaluate --model latest --split train",
            "distnet evaluate --model latest --data more-houses.csv");
        command.Add([.. model.All, .. data.All]);
        command.SetAction(parsed =>
        {
            var trained = model.Read(parsed);
            if (trained.Data.Table is { } table) WriteTable(trained, table, data.LoadTable(parsed, trained), terminal);
            else Write(Evaluation.Evaluate(trained.Spec.Network, trained.Parameters, data.LoadFor(parsed, trained)), "images", null, terminal);
        });
        return command;
    }

    private static void WriteTable(Model model, TableSchema table, ArrayExampleSet rows, Terminal terminal)
    {
        if (table.IsRegression)
        {
            var metrics = RegressionMetrics.Of(model.Spec.Network, model.Parameters, rows, table);
            terminal.Output.WriteLine($"{table.Target.Name}: {ResultText.Of(metrics)}  over {Figures.Whole(rows.Count)} rows");
            return;
        }

        Write(Evaluation.Evaluate(model.Spec.Network, model.Parameters, rows), "rows", table.Target.Categories, terminal);
    }

    private static void Write(EvaluationResult result, string unit, IReadOnlyList<string>? classes, Terminal terminal)
    {
        terminal.Output.WriteLine(
            $"accuracy {Figures.Percent(result.Accuracy)}  loss {Figures.Loss(result.Loss)}  over {Figures.Whole(result.Statistics.Examples)} {unit}");
        if (result.Confusion.ClassCount == 0) return;
        terminal.Rich.Write(EvaluationTables.Confusion(result.Confusion, classes));
        terminal.Rich.Write(EvaluationTables.PerClass(result.Confusion, classes));
    }
}
