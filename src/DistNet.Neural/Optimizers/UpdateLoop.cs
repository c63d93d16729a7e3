using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>An optimizer's formula on one lane, written once for all vector widths.</summary>
internal interface IUpdateRule
{
    /// <summary>Slots the formula keeps, at most 2; the others are neither read nor written.</summary>
    static abstract int SlotCount { get; }

    /// <summary>The parameter after the step.</summary>
    /// <param name="gradient">g, mean over the mini-batch, weight decay included.</param>
    /// <param name="current">w before the step.</param>
    /// <param name="first">The first slot, before and after.</param>
    /// <param name="second">The second slot, before and after.</param>
    TVector Next<TVector, TSimd>(TVector gradient, TVector current, ref TVector first, ref TVector second)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, float>;
}

/// <summary>Runs a formula over a tensor in one pass: reads gradient sum, parameter and slots once, writes parameter and slots
/// once.</summary>
internal static class UpdateLoop
{
    public static void Run<TRule>(in UpdateArguments arguments, TRule rule)
        where TRule : struct, IUpdateRule
    {
        var pass = new Pass<TRule>(arguments, rule);
        Elementwise.Run<float, Pass<TRule>>(arguments.Next.Length, ref pass);
    }

    private readonly ref struct Pass<TRule> : IElementwise<float>
        where TRule : struct, IUpdateRule
    {
        private readonly TRule _rule;
        private readonly float _share; // of each example in the mean
        private readonly float _weightDecay;
        private readonly ref float _gradientSum;
        private readonly ref float _current;
        private readonly ref float _next;
        private readonly ref float _first;
        private readonly ref float _second;

        public Pass(in UpdateArguments arguments, TRule rule)
        {
            (_rule, _share, _weightDecay) = (rule, 1f / arguments.ExampleCount, arguments.WeightDecay);
            _gradientSum = ref MemoryMarshal.GetReference(arguments.GradientSum);
            _current = ref MemoryMarshal.GetReference(arguments.Current);
            _next = ref MemoryMarshal.GetReference(arguments.Next);
            _first = ref MemoryMarshal.GetReference(arguments.FirstSlot);
            _second = ref MemoryMarshal.GetReference(arguments.SecondSlot);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TVector, TSimd>(nint index)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, float>
        {
            var current = TSimd.Load(ref _current, index);
            var mean = TSimd.Multiply(TSimd.Load(ref _gradientSum, index), TSimd.Broadcast(_share));
            var gradient = TSimd.Add(mean, TSimd.Multiply(TSimd.Broadcast(_weightDecay), current));
            var first = TRule.SlotCount > 0 ? TSimd.Load(ref _first, index) : default;
            var second = TRule.SlotCount > 1 ? TSimd.Load(ref _second, index) : default;
            TSimd.Store(_rule.Next<TVector, TSimd>(gradient, current, ref first, ref second), ref _next, index);
            if (TRule.SlotCount > 0)
                TSimd.Store(first, ref _first, index);
            if (TRule.SlotCount > 1)
                TSimd.Store(second, ref _second, index);
        }
    }
}
