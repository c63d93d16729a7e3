using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DistNet;

/// <summary>The usual help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Puts it in the place of the usual help.</summary>
    public static void Install(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ProgramCommand { Examples.Count: > 0 } command)
            Write(parseResult.InvocationConfiguration.Output, command.Examples);
        return ExitCode.Success;
    }

    private static void Write(TextWriter output, IEnumerable<string> lines)
    {
        output.WriteLine("Examples:");
        foreach (var line in lines) output.WriteLine($"  {line}");
        output.WriteLine();
    }
}
