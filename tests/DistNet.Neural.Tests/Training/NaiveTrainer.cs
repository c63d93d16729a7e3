using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests;

/// <summary>
/// Training as section 3 of the design defines it and as slowly as can be: scalar loops, one example at a time, explicit recursion over
/// the reduction tree. Shares with the product the order of examples, initial weights, schedule and exp, which have tests of their own.
/// </summary>
internal sealed class NaiveTrainer(TrainingSpec spec, IExampleSet examples)
{
    private readonly ParameterLayout _layout = ParameterLayout.For(spec.Network);

    public float[] Train()
    {
        var parameters = ParameterInitializer.Create(spec.Network, spec.Seed);
        var training = ValidationSplit.Of(examples.Count, spec.ValidationFraction).TrainingCount;
        var stepsPerEpoch = (training + spec.BatchSize - 1) / spec.BatchSize;
        var optimizer = new ScalarOptimizer(spec, _layout, (long)spec.Epochs * stepsPerEpoch);
        long version = 0;
        for (var epoch = 1; epoch <= spec.Epochs; epoch++)
        {
            foreach (var batch in ExampleOrder.ForEpoch(training, spec.Seed, epoch).Chunk(spec.BatchSize))
                optimizer.Update(TreeSum(parameters, [.. batch.Chunk(spec.MicroBatchSize)]), batch.Length, version++, parameters);
        }

        return parameters;
    }

    /// <summary>The tree splits at the largest power of two below its number of micro-batches; a node is left + right.</summary>
    private float[] TreeSum(float[] parameters, int[][] microBatches)
    {
        if (microBatches.Length == 1)
            return MicroBatchSum(parameters, microBatches[0]);
        var split = 1;
        while (split * 2 < microBatches.Length)
            split *= 2;
        var (left, right) = (TreeSum(parameters, microBatches[..split]), TreeSum(parameters, microBatches[split..]));
        return [.. left.Zip(right, (one, other) => one + other)];
    }

    /// <summary>Adds the examples of a micro-batch in order: one fused multiply-add for each weight, one addition for each bias.</summary>
    private float[] MicroBatchSum(float[] parameters, int[] microBatch)
    {
        var sum = new float[_layout.Count];
        foreach (var example in microBatch)
        {
            var (activations, deltas) = Backpropagate(parameters, example);
            for (var layer = 0; layer < deltas.Length; layer++)
            {
                var (kernel, bias) = (_layout.Kernel(layer), _layout.Bias(layer));
                for (var unit = 0; unit < kernel.Columns; unit++)
                {
                    for (var input = 0; input < kernel.Rows; input++)
                    {
                        ref var weight = ref sum[kernel.Offset + (input * kernel.Columns) + unit];
                        weight = MathF.FusedMultiplyAdd(activations[layer][input], deltas[layer][unit], weight);
                    }

                    sum[bias.Offset + unit] += deltas[layer][unit];
                }
            }
        }

        return sum;
    }

    /// <summary>Inputs and activations of each layer, and dLoss/dz of each layer, for one example.</summary>
    private (float[][] Activations, float[][] Deltas) Backpropagate(float[] parameters, int example)
    {
        var layers = spec.Network.Layers;
        var (activations, deltas) = (new float[layers.Length + 1][], new float[layers.Length][]);
        var targets = new float[spec.Network.OutputSize];
        activations[0] = new float[spec.Network.InputSize];
        examples.Gather([example], activations[0], targets);
        for (var layer = 0; layer < layers.Length; layer++)
            activations[layer + 1] = NaiveFunctions.Activate(layers[layer].Activation, Affine(parameters, layer, activations[layer]));

        deltas[^1] = NaiveFunctions.OutputDelta(spec.Network, activations[^1], targets);
        for (var layer = layers.Length - 2; layer >= 0; layer--)
            deltas[layer] = NaiveFunctions.Derive(layers[layer].Activation, activations[layer + 1], Back(parameters, layer + 1, deltas[layer + 1]));
        return (activations, deltas);
    }

    /// <summary>z = b + sum over the inputs, ascending.</summary>
    private float[] Affine(float[] parameters, int layer, float[] inputs)
    {
        var (kernel, bias) = (_layout.Kernel(layer), _layout.Bias(layer));
        var z = parameters[bias.Offset..(bias.Offset + bias.Length)];
        for (var unit = 0; unit < z.Length; unit++)
        {
            for (var input = 0; input < inputs.Length; input++)
                z[unit] = MathF.FusedMultiplyAdd(inputs[input], parameters[kernel.Offset + (input * kernel.Columns) + unit], z[unit]);
        }

        return z;
    }

    /// <summary>dLoss/da of the layer's inputs: sum over its units, ascending.</summary>
    private float[] Back(float[] parameters, int layer, float[] delta)
    {
        var kernel = _layout.Kernel(layer);
        var result = new float[kernel.Rows];
        for (var input = 0; input < result.Length; input++)
        {
            for (var unit = 0; unit < delta.Length; unit++)
                result[input] = MathF.FusedMultiplyAdd(delta[unit], parameters[kernel.Offset + (input * kernel.Columns) + unit], result[input]);
        }

        return result;
    }
}

/// <summary>Activations and losses of one example, straight from their formulas.</summary>
internal static class NaiveFunctions
{
    public static float[] Activate(Activation activation, float[] z)
    {
        if (activation != Activation.Softmax)
        {
            return [.. z.Select(value => activation switch
            {
                Activation.Relu => value > 0 ? value : 0,
                Activation.Sigmoid => ElementaryFunctions.Sigmoid(value),
                Activation.Tanh => ElementaryFunctions.Tanh(value),
                _ => value,
            })];
        }

        var exponentials = z.Select(value => ElementaryFunctions.Exp(value - z.Max())).ToArray();
        var sum = 0f;
        foreach (var exponential in exponentials)
            sum += exponential;
        return [.. exponentials.Select(exponential => exponential / sum)];
    }

    /// <summary>dLoss/dz from dLoss/da.</summary>
    public static float[] Derive(Activation activation, float[] a, float[] delta)
    {
        var mean = 0f;
        for (var unit = 0; unit < a.Length; unit++)
            mean = MathF.FusedMultiplyAdd(delta[unit], a[unit], mean);
        return [.. a.Zip(delta, (output, d) => activation switch
        {
            Activation.Relu => output > 0 ? d : 0,
            Activation.Sigmoid => d * (output * (1 - output)),
            Activation.Tanh => d * (1 - (output * output)),
            Activation.Softmax => output * (d - mean),
            _ => d,
        })];
    }

    public static float[] OutputDelta(NetworkSpec network, float[] a, float[] targets)
    {
        var difference = a.Zip(targets, (output, target) => output - target).ToArray();
        return network.Loss switch
        {
            Loss.CategoricalCrossentropy => [.. a.Zip(targets, (output, target) => (output * InOrder(targets)) - target)],
            Loss.BinaryCrossentropy => [.. difference.Select(value => value / a.Length)],
            Loss.MeanSquaredError => Derive(network.Layers[^1].Activation, a, [.. difference.Select(value => value / (a.Length / 2f))]),
            _ => Derive(network.Layers[^1].Activation, a, difference),
        };
    }

    private static float InOrder(float[] values)
    {
        var sum = 0f;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
