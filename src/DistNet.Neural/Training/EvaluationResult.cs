using System.Collections.Immutable;

namespace DistNet.Neural;

/// <summary>How well a network does on a set of examples.</summary>
/// <param name="Statistics">Losses and correct answers, summed.</param>
/// <param name="Confusion">Which class was taken for which; of no classes for a regression.</param>
public sealed record EvaluationResult(LossStatistics Statistics, ConfusionMatrix Confusion)
{
    /// <summary>Mean loss.</summary>
    public double Loss => Statistics.MeanLoss;

    /// <summary>Share of correct answers.</summary>
    public double Accuracy => Statistics.Accuracy;
}

/// <summary>How often examples of one class were taken for another.</summary>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="Counts">ClassCount x ClassCount, row-major: row = true class, column = the network's answer.</param>
public sealed record ConfusionMatrix(int ClassCount, ImmutableArray<int> Counts)
{
    /// <summary>Examples of a true class that got an answer.</summary>
    public int this[int truth, int answer] => Counts[(truth * ClassCount) + answer];

    /// <summary>Share of the answers "this class" that are right; 0 if it was never answered.</summary>
    public double Precision(int classIndex) => Share(classIndex, Enumerable.Range(0, ClassCount).Sum(truth => this[truth, classIndex]));

    /// <summary>Share of the class's examples that were recognized; 0 if there are none.</summary>
    public double Recall(int classIndex) => Share(classIndex, Enumerable.Range(0, ClassCount).Sum(answer => this[classIndex, answer]));

    /// <inheritdoc/>
    public bool Equals(ConfusionMatrix? other) =>
        other is not null && ClassCount == other.ClassCount && Counts.SequenceEqual(other.Counts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ClassCount, Counts.Length);

    private double Share(int classIndex, int all) => all == 0 ? 0 : (double)this[classIndex, classIndex] / all;
}
