using System.CommandLine;

namespace DistNet;

/// <summary>`distnet runs`: looks at the runs that were made.</summary>
internal static class RunsCommand
{
    /// <summary>Builds the command and its parts.</summary>
    public static Command Create(Terminal terminal) =>
        new ProgramCommand(
            "runs",
            "Look at the runs that were made: list, show") { RunsListCommand.Create(terminal), RunsShowCommand.Create(terminal) };
}
