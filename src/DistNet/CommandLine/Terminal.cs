using Spectre.Console;

namespace DistNet;

/// <summary>Where a command writes: results to standard output, messages to standard error.</summary>
/// <remarks>Colours and live displays appear on a terminal only, and NO_COLOR is respected. Plain writers are used
/// where they suffice, since setting up the rich console takes time.</remarks>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    private IAnsiConsole? _rich;
    private IAnsiConsole? _richError;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error);

    /// <summary>Standard output.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Writes a line of a node's log to standard error. Where that is a file on a full disk the node goes on without its log.</summary>
    public void Log(string line)
    {
        try
        {
            Error.WriteLine(line);
        }
        catch (IOException)
        {
            // Nobody is left to tell.
        }
    }

    /// <summary>Standard output, for tables and drawings.</summary>
    public IAnsiConsole Rich => _rich ??= Create(Output);

    /// <summary>Standard error, for live displays beside a machine-readable standard output.</summary>
    public IAnsiConsole RichError => _richError ??= Create(Error);

    /// <summary>Whether messages go to a terminal that can redraw a line; asked without setting up the rich console where they do not.</summary>
    /// <param name="onError">Whether they go to standard error.</param>
    public bool IsLive(bool onError) =>
        !(onError ? Console.IsErrorRedirected : Console.IsOutputRedirected) && Live(onError).Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>The console of messages: one of the two.</summary>
    public IAnsiConsole Live(bool onError) => onError ? RichError : Rich;

    /// <summary>Writes a notice to standard error, or past the live display where there is one.</summary>
    public Action<string> Notifier(bool onError) =>
        IsLive(onError) ? line => Live(onError).Write(new LineAboveLive(line)) : Error.WriteLine;

    /// <summary>Brings back the cursor that a live display hides.</summary>
    public void ShowCursor(bool onError)
    {
        if (IsLive(onError)) Live(onError).Cursor.Show(true);
    }

    private static IAnsiConsole Create(TextWriter writer) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
