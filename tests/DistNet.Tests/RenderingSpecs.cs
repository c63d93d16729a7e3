using Spectre.Console;
using Spectre.Console.Testing;

namespace DistNet.Tests;

public sealed class RenderingSpecs
{
    [Fact]
    public void Without_colours_a_drawing_is_characters_from_light_to_dark()
    {
        using var console = new TestConsole().Colors(ColorSystem.NoColors);
        console.Write(new DigitDrawing(new byte[] { 0, 255, 128, 0, 255, 128 }, 2, 3));
        Assert.Equal(" @=", console.Output.TrimEnd('\n'));
    }

    [Fact]
    public void On_a_terminal_a_drawing_shows_two_rows_of_pixels_in_a_line_of_half_blocks()
    {
        using var console = new TestConsole().Colors(ColorSystem.TrueColor).EmitAnsiSequences();
        console.Write(new DigitDrawing(new byte[] { 10, 20 }, 2, 1));
        Assert.Contains("38;2;10;10;10", console.Output, StringComparison.Ordinal);
        Assert.Contains("48;2;20;20;20", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drawing_wider_than_the_terminal_is_cut_not_wrapped()
    {
        using var console = new TestConsole().Width(5);
        console.Write(new DigitDrawing(new byte[2 * 28], 2, 28));
        Assert.Equal(5, console.Lines.Single().Length);
    }

    [Theory]
    [InlineData(3.24, "3.2 s")]
    [InlineData(65, "1:05")]
    [InlineData(7207, "2:00:07")]
    [InlineData(90000, "1.1:00:00")]
    [InlineData(871207, "10.2:00:07")]
    public void Durations_are_written_as_people_read_them(double seconds, string expected) =>
        Assert.Equal(expected, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(512, "512 bytes")]
    [InlineData(1628200, "1.63 MB")]
    [InlineData(4000, "4 kB")]
    public void Sizes_have_decimal_units(double bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes));

    [Fact]
    public void A_node_goes_on_where_its_log_cannot_be_written() => new Terminal(TextWriter.Null, new FullDisk()).Log("a line");

    private sealed class FullDisk : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }
}
