using System.Numerics;
using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests.Kernels;

/// <summary>Accuracy against the platform's functions, edge values, and equal bits at every width.</summary>
public class ElementaryFunctionsSpecs
{
    public static TheoryData<int> WidthsInBits => [512, 256, 128, 0];

    [Fact]
    public void Exp_is_within_one_unit_in_the_last_place()
    {
        AssertAccurate(ElementaryFunctions.Exp, Math.Exp, -87, 88.7, units: 1);
        AssertAccurateInDouble(ElementaryFunctions.Exp, Math.Exp, -708, 709.7, 3e-16);
    }

    [Fact]
    public void Exp_of_large_and_small_numbers_is_infinite_or_gradually_zero()
    {
        Assert.Equal(1f, ElementaryFunctions.Exp(0f));
        Assert.Equal(1.0, ElementaryFunctions.Exp(-0.0));
        Assert.Equal(float.PositiveInfinity, ElementaryFunctions.Exp(88.73f));
        Assert.Equal(double.PositiveInfinity, ElementaryFunctions.Exp(709.8));
        Assert.Equal(float.PositiveInfinity, ElementaryFunctions.Exp(float.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, ElementaryFunctions.Exp(double.MaxValue));
        Assert.Equal(0f, ElementaryFunctions.Exp(float.NegativeInfinity));
        Assert.Equal(0.0, ElementaryFunctions.Exp(-1e300));
        Assert.Equal((float)Math.Exp(-100), ElementaryFunctions.Exp(-100f), float.Epsilon);
        Assert.Equal(Math.Exp(-740), ElementaryFunctions.Exp(-740.0), double.Epsilon);
    }

    [Fact]
    public void A_NaN_stays_a_NaN()
    {
        Assert.All<Func<double, double>>(
            [
                ElementaryFunctions.Exp, ElementaryFunctions.Expm1, ElementaryFunctions.Sigmoid, ElementaryFunctions.Tanh,
                ElementaryFunctions.Log, ElementaryFunctions.Cos, x => ElementaryFunctions.Power(x, 2), x => ElementaryFunctions.Exp((float)x),
                x => ElementaryFunctions.Tanh((float)x), x => ElementaryFunctions.Sigmoid((float)x), x => Relu((float)x), Relu,
            ],
            function => Assert.True(double.IsNaN(function(double.NaN))));
    }

    [Fact]
    public void Expm1_is_accurate_near_zero_and_elsewhere()
    {
        AssertAccurate(ElementaryFunctions.Expm1, PreciseExpm1, -1e-3, 1e-3, units: 1);
        AssertAccurate(ElementaryFunctions.Expm1, PreciseExpm1, -30, 88.7, units: 2);
        AssertAccurateInDouble(ElementaryFunctions.Expm1, PreciseExpm1, -1e-3, 1e-3, 4e-16);
        AssertAccurateInDouble(ElementaryFunctions.Expm1, Math.Exp, 40, 709.7, 4e-16);
        Assert.Equal((-1.0, double.PositiveInfinity), (ElementaryFunctions.Expm1(-1e9), ElementaryFunctions.Expm1(1e9)));
    }

    [Fact]
    public void Sigmoid_is_accurate_on_both_sides()
    {
        AssertAccurate(ElementaryFunctions.Sigmoid, x => 1 / (1 + Math.Exp(-x)), -87, 87, units: 2);
        AssertAccurateInDouble(ElementaryFunctions.Sigmoid, x => 1 / (1 + Math.Exp(-x)), -700, 700, 6e-16);
        Assert.Equal((0f, 0.5f, 1f), (ElementaryFunctions.Sigmoid(-1e9f), ElementaryFunctions.Sigmoid(0f), ElementaryFunctions.Sigmoid(1e9f)));
    }

    [Fact]
    public void Tanh_is_accurate_near_zero_and_odd()
    {
        AssertAccurate(ElementaryFunctions.Tanh, Math.Tanh, -1e-3, 1e-3, units: 2);
        AssertAccurate(ElementaryFunctions.Tanh, Math.Tanh, -12, 12, units: 2);
        AssertAccurateInDouble(ElementaryFunctions.Tanh, Math.Tanh, -22, 22, 7e-16);
        Assert.Equal((-1f, 1f), (ElementaryFunctions.Tanh(float.NegativeInfinity), ElementaryFunctions.Tanh(1e9f)));
        Assert.True(double.IsNegative(ElementaryFunctions.Tanh(-0.0)));
        Assert.Equal(-ElementaryFunctions.Tanh(0.3f), ElementaryFunctions.Tanh(-0.3f));
    }

    [Fact]
    public void Relu_has_no_negative_zero()
    {
        Assert.Equal((0.0, 0.0, 2.5), (Relu(-1.0), Relu(double.NegativeInfinity), Relu(2.5)));
        Assert.False(float.IsNegative(Relu(-0f)));
    }

    [Fact]
    public void Log_is_accurate_and_knows_its_edges()
    {
        AssertAccurateInDouble(ElementaryFunctions.Log, Math.Log, 1e-9, 1, 3e-16);
        AssertAccurateInDouble(ElementaryFunctions.Log, Math.Log, 0.999, 1.001, 3e-16);
        AssertAccurateInDouble(ElementaryFunctions.Log, Math.Log, 1, 1e12, 3e-16);
        Assert.Equal(Math.Log(5e-324), ElementaryFunctions.Log(5e-324), 1e-12);
        Assert.Equal((double.NegativeInfinity, 0.0, double.PositiveInfinity),
            (ElementaryFunctions.Log(0), ElementaryFunctions.Log(1), ElementaryFunctions.Log(double.PositiveInfinity)));
        Assert.True(double.IsNaN(ElementaryFunctions.Log(-1)));
    }

    [Fact]
    public void Cos_is_accurate_over_many_turns_and_refuses_more()
    {
        AssertNear(ElementaryFunctions.Cos, Math.Cos, -10, 10, 3e-16);
        AssertNear(ElementaryFunctions.Cos, Math.Cos, -1e6, 1e6, 3e-16);
        Assert.Equal((1.0, -1.0), (ElementaryFunctions.Cos(0), ElementaryFunctions.Cos(Math.PI)));
        Assert.Equal(Math.Cos(Math.PI / 2), ElementaryFunctions.Cos(Math.PI / 2), 1e-30);
        Assert.Throws<ArgumentOutOfRangeException>(() => ElementaryFunctions.Cos(1e10));
        Assert.Throws<ArgumentOutOfRangeException>(() => ElementaryFunctions.Cos(double.PositiveInfinity));
    }

    [Fact]
    public void Powers_by_squaring_and_by_logarithm_agree_with_the_platform()
    {
        AssertAccurateInDouble(x => ElementaryFunctions.Power(x, 1000L), x => Math.Pow(x, 1000), 0.9, 1.1, 2e-13);
        AssertAccurateInDouble(x => ElementaryFunctions.Power(x, 0.37), x => Math.Pow(x, 0.37), 0.01, 100, 2e-15);
        Assert.Equal((0.125, 1.0, 81.0), (ElementaryFunctions.Power(2, -3L), ElementaryFunctions.Power(0, 0L), ElementaryFunctions.Power(-3, 4L)));
        Assert.Equal((0.0, 1.0), (ElementaryFunctions.Power(0, 0.5), ElementaryFunctions.Power(0, 0.0)));
        Assert.Equal((1.0, 0.0), (ElementaryFunctions.Power(1, long.MinValue), ElementaryFunctions.Power(2, long.MinValue)));
    }

    [Theory]
    [MemberData(nameof(WidthsInBits))]
    public void Every_width_gives_the_bits_of_a_single_number(int bits)
    {
        AssertSameAsSingle<float, ExpOf<float>>(bits, ElementaryFunctions.Exp);
        AssertSameAsSingle<float, SigmoidOf<float>>(bits, ElementaryFunctions.Sigmoid);
        AssertSameAsSingle<float, TanhOf<float>>(bits, ElementaryFunctions.Tanh);
        AssertSameAsSingle<float, ReluOf<float>>(bits, Relu);
        AssertSameAsSingle<double, ExpOf<double>>(bits, ElementaryFunctions.Exp);
        AssertSameAsSingle<double, SigmoidOf<double>>(bits, ElementaryFunctions.Sigmoid);
        AssertSameAsSingle<double, TanhOf<double>>(bits, ElementaryFunctions.Tanh);
        AssertSameAsSingle<double, ReluOf<double>>(bits, Relu);
    }

    [Fact]
    public void Spans_of_any_length_are_mapped_in_place_and_no_further()
    {
        foreach (var length in Enumerable.Range(0, 40))
        {
            var x = new Random(length).Uniform<float>(length + 1);
            float[] expected = [.. x.Take(length).Select(ElementaryFunctions.Tanh), x[length]];
            ElementaryFunctions.Tanh<float>(x.AsSpan(..length), x.AsSpan(..length));
            Numbers.AssertSameBits(expected, x, $"length {length}");
        }
    }

    private static void AssertSameAsSingle<T, TFunction>(int bits, Func<T, T> single)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : struct, ILaneFunction<T>
    {
        T[] x = [.. Enumerable.Range(-1000, 2003).Select(i => T.CreateTruncating(i * 0.75)), .. new Random(1).Uniform<T>(500),
            T.Zero, T.NegativeZero, T.Epsilon, T.PositiveInfinity, T.NegativeInfinity, T.CreateSaturating(1e308)];
        var y = new T[x.Length];
        KernelsAtWidth<T>.Of(bits).Map<TFunction>(x, y);
        Numbers.AssertSameBits([.. x.Select(single)], y, typeof(TFunction).Name);
    }

    private static T Relu<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] y = [x];
        ElementaryFunctions.Relu<T>(y, y);
        return y[0];
    }

    /// <summary>Kahan's way to e^x - 1 from exp and log, in double precision.</summary>
    private static double PreciseExpm1(double x)
    {
        var power = Math.Exp(x);
        return power == 1 ? x : power - 1 == -1 ? -1 : (power - 1) * x / Math.Log(power);
    }

    /// <summary>Errors in units of the float's last place, against a function in double precision.</summary>
    private static void AssertAccurate(Func<float, float> function, Func<double, double> truth, double from, double to, double units)
    {
        foreach (var x in Samples(from, to).Select(x => (float)x))
        {
            var expected = truth(x);
            var unit = Math.Max((double)MathF.BitIncrement(Math.Abs((float)expected)) - Math.Abs((float)expected), float.Epsilon);
            Assert.True(Math.Abs(function(x) - expected) <= units * unit, $"f({x:R}) is {function(x):R}; expected {expected:R}");
        }
    }

    private static void AssertAccurateInDouble(Func<double, double> function, Func<double, double> truth, double from, double to, double relativeError)
    {
        foreach (var x in Samples(from, to))
            Assert.True(Math.Abs(function(x) - truth(x)) <= relativeError * Math.Abs(truth(x)), $"f({x:R}) is {function(x):R}; expected {truth(x):R}");
    }

    private static void AssertNear(Func<double, double> function, Func<double, double> truth, double from, double to, double error)
    {
        foreach (var x in Samples(from, to))
            Assert.True(Math.Abs(function(x) - truth(x)) <= error, $"f({x:R}) is {function(x):R}; expected {truth(x):R}");
    }

    private static IEnumerable<double> Samples(double from, double to)
    {
        var random = new Random(7);
        return Enumerable.Range(0, 20_000).Select(_ => from + (to - from) * random.NextDouble());
    }
}
