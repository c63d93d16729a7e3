using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>A tiny training run: five parameters with momentum, and gradients of widely different sizes, so that any other order of addition shows.</summary>
internal static class TinyRun
{
    public const int ParameterCount = 5;

    public static float[] InitialParameters => [1, 2, 3, 4, 5];

    /// <summary>The gradient sum of a node of the tree: of a micro-batch, any function of the parameters' bits; of others, left + right.</summary>
    public static float[] GradientSum(float[] parameters, long version, TreeNode node)
    {
        if (node.Count == 1)
            return [.. Enumerable.Range(0, ParameterCount).Select(element => Gradient(parameters, version, node.First, element))];
        (TreeNode left, TreeNode right) = Children(node);
        return Add(GradientSum(parameters, version, left), GradientSum(parameters, version, right));
    }

    /// <summary>Loss over a node of a mini-batch of so many examples.</summary>
    public static LossStatistics Statistics(float[] parameters, long version, TreeNode node, int examples)
    {
        int size = Paper.Spec.MicroBatchSize;
        if (node.Count == 1)
            return new LossStatistics(Math.Abs(Gradient(parameters, version, node.First, element: 99)), node.First, Math.Min(size, examples - size * node.First));
        (TreeNode left, TreeNode right) = Children(node);
        return LossStatistics.Add(Statistics(parameters, version, left, examples), Statistics(parameters, version, right, examples));
    }

    public static LossStatistics Validate(float[] parameters) => Statistics(parameters, -1, new TreeNode(0, 3), examples: 12);

    /// <summary>One element's update.</summary>
    public static void Update(float gradientSum, ref float velocity, ref float parameter)
    {
        velocity = 0.9f * velocity + gradientSum;
        parameter -= 0.001f * velocity;
    }

    public static float[] Add(float[] left, float[] right) => [.. left.Zip(right, (l, r) => l + r)];

    public static (TreeNode Left, TreeNode Right) Children(TreeNode node)
    {
        int left = ReductionTree.LeftCount(node.Count);
        return (new TreeNode(node.First, left), new TreeNode(node.First + left, node.Count - left));
    }

    private static float Gradient(float[] parameters, long version, int microBatch, int element)
    {
        uint hash = 2166136261;
        foreach (uint word in (uint[])[.. parameters.Select(BitConverter.SingleToUInt32Bits), (uint)version, (uint)microBatch, (uint)element])
            hash = Mix(hash ^ word);
        return ((hash & 0xFFFF) / 65536f - 0.5f) * MathF.ScaleB(1, (int)(hash >> 28));
    }

    // The finalizer of MurmurHash3.
    private static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
