using DistNet.Neural;
using MathNet.Numerics.Random;

namespace DistNet;

/// <summary>What the gradient of one example cost in two ways.</summary>
/// <param name="Parameters">Parameters of the network; numerically, each takes two forward passes.</param>
/// <param name="Numerical">Time of all central differences.</param>
/// <param name="BackPropagation">Time of one forward and one backward pass, the median of several.</param>
/// <param name="LargestDifference">Between the two gradients.</param>
internal sealed record GradientCost(int Parameters, TimeSpan Numerical, TimeSpan BackPropagation, double LargestDifference)
{
    private const int Repetitions = 21;

    /// <summary>How many times as long the numerical way took.</summary>
    public double Ratio => Numerical / BackPropagation;

    /// <summary>Measures a sigmoid network on a random example.</summary>
    /// <param name="sizes">Units of each layer, the input layer first.</param>
    /// <param name="h">Step of the central difference.</param>
    /// <param name="time">Measures.</param>
    public static GradientCost Measure(IReadOnlyList<int> sizes, double h, TimeProvider time)
    {
        var builder = NetworkSpec.WithInputs(sizes[0]);
        foreach (var units in sizes.Skip(1)) builder = builder.Dense(units, Activation.Sigmoid);
        var network = builder.Minimize(Loss.HalfSquaredError);
        double[] parameters = [.. ParameterInitializer.Create(network, seed: 1)];
        var pass = WithExample(network);
        var (analytic, numerical) = (new double[parameters.Length], new double[parameters.Length]);
        var backPropagation = Median(time, () => Gradient(pass, parameters, analytic));
        var began = time.GetTimestamp();
        Differences(pass, parameters, h, numerical);
        var differences = time.GetElapsedTime(began);
        return new GradientCost(parameters.Length, differences, backPropagation, analytic.Zip(numerical, (a, n) => Math.Abs(a - n)).Max());
    }

    private static Backpropagation<double> WithExample(NetworkSpec network)
    {
        var (pass, random) = (new Backpropagation<double>(network, microBatchSize: 1, maxExamples: 1), new Xoshiro256StarStar(1, threadSafe: false));
        foreach (ref var input in pass.Inputs(1)) input = random.NextDouble();
        foreach (ref var target in pass.Targets(1)) target = random.NextDouble();
        return pass;
    }

    private static void Gradient(Backpropagation<double> pass, double[] parameters, double[] gradient)
    {
        pass.Forward(parameters, 1);
        pass.GradientSum(parameters, 0, 1, gradient);
    }

    private static void Differences(Backpropagation<double> pass, double[] parameters, double h, double[] gradient)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            var kept = parameters[i];
            gradient[i] = (LossAt(kept + h) - LossAt(kept - h)) / (2 * h);
            parameters[i] = kept;

            double LossAt(double value)
            {
                parameters[i] = value;
                pass.Forward(parameters, 1);
                return pass.Measure(0, 1).LossSum;
            }
        }
    }

    private static TimeSpan Median(TimeProvider time, Action action)
    {
        action(); // compiled, and in the cache
        var times = Enumerable.Range(0, Repetitions).Select(_ =>
        {
            var began = time.GetTimestamp();
            action();
            return time.GetElapsedTime(began);
        });
        return times.Order().ElementAt(Repetitions / 2);
    }
}
