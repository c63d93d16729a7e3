using System.CommandLine;

namespace DistNet;

/// <summary>`distnet data`: looks at a folder of images.</summary>
internal static class DataCommand
{
    /// <summary>Builds the command and its parts.</summary>
    public static Command Create(Terminal terminal) =>
        new ProgramCommand(
            "data",
            "Look at a folder of images: show, verify") { DataShowCommand.Create(terminal), DataVerifyCommand.Create(terminal) };
}
