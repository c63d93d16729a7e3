using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>`distnet summary`: the layers of a network, from options or from a model.</summary>
internal static class SummaryCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var (network, model) = (new NetworkOptions(), new ModelOptions());
        var inputs = CommandOptions.Count("--inputs", "N", 1, 784, "Inputs per example");
        var classes = CommandOptions.Count("--classes", "N", 1, 10, "Units of the output layer");
        var command = new ProgramCommand(
            "summary",
            "Show a network's layers and parameters",
            "distnet summary --hidden 512,256",
            "distnet summary --model latest") { inputs, classes };
        command.Add([.. network.All, .. model.All]);
        command.SetAction(parsed =>
        {
            var built = network.Build(parsed, UsualSpec.OfImages(parsed.GetValue(inputs), parsed.GetValue(classes))).Network;
            Write(model.IsGiven(parsed) ? model.Read(parsed).Spec.Network : Specs.Valid(built), terminal);
        });
        return command;
    }

    private static void Write(NetworkSpec network, Terminal terminal)
    {
        terminal.Rich.Write(SummaryTable.Of(network));
        terminal.Output.WriteLine(SummaryTable.Totals(network));
    }
}
