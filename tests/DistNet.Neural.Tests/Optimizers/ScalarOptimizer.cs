using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests;

/// <summary>The optimizers as anyone would write them: one parameter at a time, one rounding per operation.</summary>
internal sealed class ScalarOptimizer(TrainingSpec spec, ParameterLayout layout, long totalSteps)
{
    private readonly float[] _first = [.. Enumerable.Repeat(spec.Optimizer is AdagradOptimizer adagrad ? adagrad.InitialAccumulator : 0, layout.Count)];
    private readonly float[] _second = new float[layout.Count];

    public void Update(float[] gradientSum, int examples, long version, float[] parameters)
    {
        var rate = (float)spec.Schedule.LearningRateAt(spec.Optimizer.LearningRate, version, totalSteps);
        for (var index = 0; index < parameters.Length; index++)
        {
            var gradient = gradientSum[index] * (1f / examples);
            if (layout.TensorAt(index).IsKernel)
                gradient += spec.WeightDecay * parameters[index];
            parameters[index] = Next(parameters[index], gradient, rate, version + 1, ref _first[index], ref _second[index]);
        }
    }

    private float Next(float w, float g, float a, long t, ref float s, ref float v)
    {
        switch (spec.Optimizer)
        {
            case SgdOptimizer:
                return w - (a * g);
            case MomentumOptimizer momentum:
                s = (momentum.Momentum * s) - (a * g);
                return w + s;
            case NesterovOptimizer nesterov:
                s = (nesterov.Momentum * s) - (a * g);
                return w + ((nesterov.Momentum * s) - (a * g));
            case RmsPropOptimizer rmsProp:
                s = (rmsProp.Rho * s) + ((1 - rmsProp.Rho) * (g * g));
                return w - (a * g / MathF.Sqrt(s + rmsProp.Epsilon));
            case AdamOptimizer adam:
                return Adam(w, g, StepSize(a, t, adam.Beta1, adam.Beta2), adam.Beta1, adam.Beta2, adam.Epsilon, ref s, ref v);
            case AdamWOptimizer adam:
                w -= w * (adam.WeightDecay * a);
                return Adam(w, g, StepSize(a, t, adam.Beta1, adam.Beta2), adam.Beta1, adam.Beta2, adam.Epsilon, ref s, ref v);
            case AdagradOptimizer adagrad:
                s += g * g;
                return w - (a * g / MathF.Sqrt(s + adagrad.Epsilon));
            default:
                throw new NotSupportedException(spec.Optimizer.Name);
        }
    }

    private static float StepSize(float a, long t, float beta1, float beta2) =>
        (float)(a * Math.Sqrt(1 - ElementaryFunctions.Power(beta2, t)) / (1 - ElementaryFunctions.Power(beta1, t)));

    private static float Adam(float w, float g, float a, float beta1, float beta2, float epsilon, ref float m, ref float v)
    {
        m += (g - m) * (1 - beta1);
        v += ((g * g) - v) * (1 - beta2);
        return w - (m * a / (MathF.Sqrt(v) + epsilon));
    }
}
