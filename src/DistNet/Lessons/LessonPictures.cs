using System.CommandLine;

namespace DistNet;

/// <summary>--output DIR of a lesson: where its pictures go.</summary>
internal sealed class LessonPictures
{
    /// <summary>The option.</summary>
    public Option<string?> Option { get; } =
        CommandOptions.OptionalText("--output", "DIR", "Folder for the lesson's pictures, as PNG [default: none are drawn]");

    /// <summary>Writes pictures into the folder, if one is named, and says where they are; else says how to have them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="output">Where it is said.</param>
    /// <param name="pictures">Names without ending, and how to draw them.</param>
    public void Write(ParseResult parsed, TextWriter output, params (string Name, Func<Picture> Draw)[] pictures)
    {
        output.WriteLine();
        if (parsed.GetValue(Option) is not { } folder)
        {
            output.WriteLine("With --output DIR the lesson also draws pictures.");
            return;
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, draw) in pictures)
        {
            var path = Path.Combine(folder, $"{name}.png");
            draw().Write(path);
            output.WriteLine($"picture {path}");
        }
    }
}
