using DistNet.Neural;
using SkiaSharp;

namespace DistNet;

/// <summary>A confusion matrix: rows are true classes, columns the network's answers; right answers blue, mistakes red, the deeper the more.</summary>
internal static class ConfusionPicture
{
    private const int Cell = 52;
    private const int Left = 70;
    private const int Top = 96;
    private const int Margin = 24;

    private static readonly SKColor Right = new(0x1F, 0x77, 0xB4);
    private static readonly SKColor Wrong = new(0xD6, 0x27, 0x28);

    /// <summary>Draws a matrix of at least one class.</summary>
    public static Picture Of(string title, ConfusionMatrix confusion)
    {
        var side = confusion.ClassCount * Cell;
        var mistakes = Pairs(confusion).Where(pair => pair.Truth != pair.Answer).Select(pair => confusion[pair.Truth, pair.Answer]).DefaultIfEmpty().Max();
        return new Picture(Math.Max(Left + side + Margin, 460), Top + side + Margin, canvas =>
        {
            canvas.DrawWords(title, Margin, 32, 16, SKColors.Black);
            canvas.DrawWords("answer", Left + (side / 2f), 64, 14, SKColors.DimGray, SKTextAlign.Center);
            canvas.DrawWords("true", Margin - 8, Top + (side / 2f), 14, SKColors.DimGray);
            for (var index = 0; index < confusion.ClassCount; index++)
            {
                canvas.DrawWords($"{index}", Left + ((index + 0.5f) * Cell), Top - 10, 14, SKColors.Black, SKTextAlign.Center);
                canvas.DrawWords($"{index}", Left - 12, Top + ((index + 0.5f) * Cell) + 5, 14, SKColors.Black, SKTextAlign.Right);
            }

            foreach (var (truth, answer) in Pairs(confusion)) Draw(confusion, truth, answer, mistakes, canvas);
        });
    }

    private static IEnumerable<(int Truth, int Answer)> Pairs(ConfusionMatrix confusion) =>
        from truth in Enumerable.Range(0, confusion.ClassCount)
        from answer in Enumerable.Range(0, confusion.ClassCount)
        select (truth, answer);

    private static void Draw(ConfusionMatrix confusion, int truth, int answer, int mistakes, SKCanvas canvas)
    {
        var count = confusion[truth, answer];
        var share = truth == answer ? confusion.Recall(truth) : mistakes == 0 ? 0 : (double)count / mistakes;
        var box = SKRect.Create(Left + (answer * Cell) + 1, Top + (truth * Cell) + 1, Cell - 2, Cell - 2);
        var color = (truth == answer ? Right : Wrong).WithAlpha((byte)(share * 220));
        canvas.DrawBox(box, color, SKColors.LightGray);
        if (count > 0) canvas.DrawWords($"{count}", box.MidX, box.MidY + 5, 13, share > 0.6 ? SKColors.White : SKColors.Black, SKTextAlign.Center);
    }
}
