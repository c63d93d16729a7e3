using System.CommandLine;
using System.CommandLine.Invocation;

namespace DistNet;

/// <summary>The whole command tree, and the way a command line becomes an exit code.</summary>
internal static class DistNetProgram
{
    /// <summary>Runs one command line.</summary>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal)
    {
        try
        {
            var parsed = Root(terminal).Parse(arguments.Length == 0 ? ["--help"] : arguments);
            if (parsed.Action is ParseErrorAction) return ErrorPolicy.ReportUsage(UsageErrors.Describe(parsed), terminal.Error);
            return await parsed.InvokeAsync(Configuration(terminal)).ConfigureAwait(false);
        }
        catch (Exception exception) when (ErrorPolicy.Expects(exception))
        {
            return ErrorPolicy.Report(exception, terminal.Error);
        }
    }

    private static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Trains dense neural networks on the CPU, to the same bits for any number of workers.")
        {
            TrainCommand.Create(terminal),
            NodeCommand.Create(terminal),
            SubmitCommand.Create(terminal),
            StatusCommand.Create(terminal),
            CancelCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            ExportCommand.Create(terminal),
            ImportCommand.Create(terminal),
            PlotCommand.Create(terminal),
            TraceCommand.Create(terminal),
            SummaryCommand.Create(terminal),
            DataCommand.Create(terminal),
            RunsCommand.Create(terminal),
            AuditCommand.Create(terminal),
            BenchCommand.Create(terminal),
            LessonCommand.Create(terminal),
            CompletionsCommand.Create(terminal),
        };
        HelpWithExamples.Install(root);
        EmptyValues.Refuse(root);
        return root;
    }

    /// <summary>Exceptions and signals are handled here and by the commands, not by the parser.</summary>
    private static InvocationConfiguration Configuration(Terminal terminal) => new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
        Output = terminal.Output,
        Error = terminal.Error,
    };
}
