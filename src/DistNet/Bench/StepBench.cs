using DistNet.Neural;
using DistNet.Neural.Kernels;

namespace DistNet;

/// <summary>The parts of a training step, each by itself on one thread.</summary>
internal sealed class StepBench(BenchSettings settings, IExampleSet training, TimeProvider time)
{
    private const double Microseconds = 1e6;

    private readonly Stopclock _clock = new(time);

    /// <summary>Splits a step whose whole time is known.</summary>
    /// <param name="engine">Its name.</param>
    /// <param name="examples">Examples that one worker computes.</param>
    /// <param name="workers">Workers whose sums are added.</param>
    /// <param name="shards">Ranges that are added and updated at the same time.</param>
    /// <param name="stepSeconds">The whole step.</param>
    public StepFigure Split(string engine, int examples, int workers, int shards, double stepSeconds)
    {
        var spec = settings.Spec;
        var layout = ParameterLayout.For(spec.Network);
        var pass = new Backpropagation<float>(spec.Network, spec.MicroBatchSize, examples);
        var parameters = ParameterInitializer.Create(spec.Network, spec.Seed);
        var sum = new float[layout.Count];
        var range = (layout.Count + shards - 1) / shards;
        var optimizer = new OptimizerState(spec, layout, 0, range, 1);
        var gather = Time(Gathering(pass, examples));
        var forward = Time(() => Forward(pass, parameters, examples));
        var backward = Time(() => pass.GradientSum(parameters, 0, examples, sum));
        var reduce = workers == 1 ? 0 : (workers - 1) * Time(() => MatrixKernels.AddInto<float>(sum.AsSpan(0, range), parameters.AsSpan(0, range), sum.AsSpan(0, range)));
        Array.Clear(sum); // so that repeated updates leave the parameters where they are
        var update = Time(() => optimizer.Update(0, sum.AsSpan(0, range), spec.BatchSize, 0, parameters.AsSpan(0, range), parameters.AsSpan(0, range)));
        var step = stepSeconds * Microseconds;
        return new StepFigure(engine, gather, forward, backward, reduce, update, Math.Max(0, step - gather - forward - backward - reduce - update), step);
    }

    /// <summary>One mini-batch after the other of a shuffled epoch, so that the images come from memory as they do in training.</summary>
    private Action Gathering(Backpropagation<float> pass, int examples)
    {
        var (order, first) = (ExampleOrder.ForEpoch(training.Count, settings.Spec.Seed, 1), 0);
        return () =>
        {
            training.Gather(order.AsSpan(first, examples), pass.Inputs(examples), pass.Targets(examples));
            first = first + (2 * examples) <= order.Length ? first + examples : 0;
        };
    }

    private static void Forward(Backpropagation<float> pass, float[] parameters, int examples)
    {
        pass.Forward(parameters, examples);
        pass.Measure(0, examples);
    }

    private double Time(Action part) => _clock.SecondsPerCall(part, settings.RoundDuration) * Microseconds;
}
