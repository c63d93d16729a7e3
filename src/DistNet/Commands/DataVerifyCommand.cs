using System.CommandLine;
using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet data verify`: reads a folder as training would, and reports what is in it.</summary>
internal static class DataVerifyCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var data = new DataOptions();
        var command = new ProgramCommand(
            "verify",
            "Check a folder of images: shapes, counts, labels, checksums",
            "distnet data verify",
            "distnet data verify --data ~/fashion-mnist") { data.Folder };
        command.SetAction(parsed => Verify(data.FolderOf(parsed), terminal));
        return command;
    }

    private static void Verify(string folder, Terminal terminal)
    {
        var checksums = Task.Run(() => RawChecksum.OfFolder(folder));
        var (training, test) = ImageFolder.Load(folder);
        terminal.Output.WriteLine($"{folder}: {Shape(training)} for training, {Shape(test)} for tests");
        terminal.Rich.Write(Labels(training, test));
        terminal.Output.WriteLine($"SHA-256 of the unpacked files, against {RawChecksum.ListName}:");
        foreach (var file in checksums.GetAwaiter().GetResult()) terminal.Output.WriteLine($"{file.Actual}  {file.Name}  {Verdict(file)}");
        if (checksums.Result.FirstOrDefault(file => file.Matches is false) is { } wrong)
            throw new InvalidDataException(
                $"{Path.Combine(folder, wrong.Name)} differs from {RawChecksum.ListName}: expected {wrong.Expected}, found {wrong.Actual}; take a fresh copy of the file");
    }

    private static string Shape(ImageSet images) => $"{Figures.Whole(images.Count)} images of {images.Rows} x {images.Columns}";

    private static Table Labels(ImageSet training, ImageSet test)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("label");
        table.AddColumn("training", column => column.RightAligned()).AddColumn("test", column => column.RightAligned());
        for (var label = 0; label < training.ClassCount; label++)
            table.AddRow($"{label}", Figures.Whole(training.Labels.Count((byte)label)), Figures.Whole(test.Labels.Count((byte)label)));
        return table;
    }

    private static string Verdict(RawChecksum file) =>
        file.Matches switch { true => "as listed", false => "DIFFERS", null => "not listed" };
}
