using System.CommandLine;

namespace DistNet;

/// <summary>--output FILE of a command that draws one picture.</summary>
/// <param name="usual">The file where none is named.</param>
internal sealed class OutputOption(string usual)
{
    /// <summary>The option.</summary>
    public Option<string> Option { get; } = CommandOptions.Text("--output", "FILE", usual, "The picture: FILE.png or FILE.svg");

    /// <summary>Draws a picture, writes it and says where.</summary>
    /// <exception cref="UsageException">The file's ending names no format.</exception>
    public void Write(ParseResult parsed, Func<Picture> draw, Terminal terminal)
    {
        var path = parsed.GetRequiredValue(Option);
        Picture.RequireKnownEnding(path);
        var picture = draw();
        picture.Write(path);
        terminal.Output.WriteLine($"picture {path}: {picture.Width} x {picture.Height} pixels, {Figures.Bytes(new FileInfo(path).Length)}");
    }
}
