using System.CommandLine;
using DistNet.Neural;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DistNet;

/// <summary>`distnet data show`: a montage of labelled images in the terminal.</summary>
internal static class DataShowCommand
{
    private const int Gap = 2; // characters between two drawings

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var data = new DataOptions("train");
        var first = CommandOptions.Count("--from", "INDEX", 0, 0, "First image, counted from 0");
        var count = CommandOptions.Count("--count", "N", 1, 8, "How many images");
        var command = new ProgramCommand(
            "show",
            "Draw images in the terminal",
            "distnet data show",
            "distnet data show --split test --from 100 --count 4") { first, count };
        command.Add(data.All);
        command.SetAction(parsed => Show(data.Load(parsed), data.SplitOf(parsed), parsed.GetValue(first), parsed.GetValue(count), terminal.Rich));
        return command;
    }

    /// <summary>Refuses an index the set does not have.</summary>
    /// <exception cref="UsageException">The index is not below the number of images.</exception>
    public static void RequireIndex(int index, ImageSet images, string split)
    {
        if (index >= images.Count)
            throw new UsageException(
                $"there is no {split} image {index}: the {images.Count} images are numbered from 0 to {images.Count - 1}");
    }

    private static void Show(ImageSet images, string split, int first, int count, IAnsiConsole console)
    {
        RequireIndex(first, images, split);
        Write(images, Enumerable.Range(first, Math.Min(count, images.Count - first)), console);
    }

    /// <summary>Images under their numbers and labels, as many side by side as the console is wide.</summary>
    public static void Write(ImageSet images, IEnumerable<int> indices, IAnsiConsole console)
    {
        var perRow = Math.Max(1, (console.Profile.Width + Gap) / (images.Columns + Gap));
        foreach (var row in indices.Chunk(perRow)) console.Write(Row(images, row));
    }

    private static Grid Row(ImageSet images, int[] indices)
    {
        var grid = new Grid();
        foreach (var _ in indices)
            grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, Gap, 0), Width = images.Columns });
        grid.AddRow([.. indices.Select(index => (IRenderable)new Text($"{index}: {images.Labels[index]}"))]);
        grid.AddRow(
            [.. indices.Select(index => (IRenderable)new DigitDrawing(images.Image(index).ToArray(), images.Rows, images.Columns))]);
        return grid;
    }
}
