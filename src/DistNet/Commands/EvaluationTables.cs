using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>How well a network does, class by class.</summary>
internal static class EvaluationTables
{
    /// <summary>Which class was taken for which: a row for each true class, a column for each answer.</summary>
    /// <param name="confusion">The counts.</param>
    /// <param name="classes">Names of the classes; null for their numbers.</param>
    public static Table Confusion(ConfusionMatrix confusion, IReadOnlyList<string>? classes = null)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("true \\ answer");
        for (var answer = 0; answer < confusion.ClassCount; answer++)
            table.AddColumn(Name(classes, answer), column => column.RightAligned().PadLeft(0).PadRight(1));
        for (var truth = 0; truth < confusion.ClassCount; truth++)
            table.AddRow([Name(classes, truth), .. Enumerable.Range(0, confusion.ClassCount).Select(answer => Cell(confusion, truth, answer))]);
        return table;
    }

    /// <summary>Precision and recall of each class.</summary>
    /// <inheritdoc cref="Confusion"/>
    public static Table PerClass(ConfusionMatrix confusion, IReadOnlyList<string>? classes = null)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("class");
        foreach (var name in (string[])["examples", "precision", "recall"]) table.AddColumn(name, column => column.RightAligned());
        for (var label = 0; label < confusion.ClassCount; label++)
        {
            var examples = Enumerable.Range(0, confusion.ClassCount).Sum(answer => confusion[label, answer]);
            table.AddRow(
                Name(classes, label),
                Figures.Whole(examples),
                Figures.Percent(confusion.Precision(label)),
                Figures.Percent(confusion.Recall(label)));
        }

        return table;
    }

    private static string Name(IReadOnlyList<string>? classes, int index) => classes is null ? $"{index}" : classes[index].EscapeMarkup();

    private static string Cell(ConfusionMatrix confusion, int truth, int answer) => confusion[truth, answer] switch
    {
        0 => "[grey]·[/]",
        var count when truth == answer => $"[green]{count}[/]",
        var count => $"[yellow]{count}[/]",
    };
}
