using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistNet.Neural.Kernels;

/// <content>The measured loops.</content>
public static partial class ProcessorPeak
{
    private const int Chains = 12;
    private const int Rounds = 20_000;

    private static float _keep;

    private static double Slice()
    {
        if (Vector512.IsHardwareAccelerated)
            return Slice<Vector512<float>, Simd512<float>>();
        if (Vector256.IsHardwareAccelerated)
            return Slice<Vector256<float>, Simd256<float>>();
        if (Vector128.IsHardwareAccelerated)
            return Slice<Vector128<float>, Simd128<float>>();
        return Slice<float, SimdScalar<float>>();
    }

    /// <summary>Twelve chains hide the latency (4 cycles, 2 units a cycle) and fit the 16 registers of the narrower machines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Slice<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector, float>
    {
        var factor = TSimd.Constant(0.5);
        var addend = TSimd.Constant(1);
        TVector v0 = addend, v1 = addend, v2 = addend, v3 = addend, v4 = addend, v5 = addend;
        TVector v6 = addend, v7 = addend, v8 = addend, v9 = addend, v10 = addend, v11 = addend;
        for (var round = 0; round < Rounds; round++)
        {
            v0 = TSimd.FusedMultiplyAdd(v0, factor, addend);
            v1 = TSimd.FusedMultiplyAdd(v1, factor, addend);
            v2 = TSimd.FusedMultiplyAdd(v2, factor, addend);
            v3 = TSimd.FusedMultiplyAdd(v3, factor, addend);
            v4 = TSimd.FusedMultiplyAdd(v4, factor, addend);
            v5 = TSimd.FusedMultiplyAdd(v5, factor, addend);
            v6 = TSimd.FusedMultiplyAdd(v6, factor, addend);
            v7 = TSimd.FusedMultiplyAdd(v7, factor, addend);
            v8 = TSimd.FusedMultiplyAdd(v8, factor, addend);
            v9 = TSimd.FusedMultiplyAdd(v9, factor, addend);
            v10 = TSimd.FusedMultiplyAdd(v10, factor, addend);
            v11 = TSimd.FusedMultiplyAdd(v11, factor, addend);
        }
        var sum = TSimd.Add(TSimd.Add(TSimd.Add(v0, v1), TSimd.Add(v2, v3)), TSimd.Add(TSimd.Add(v4, v5), TSimd.Add(v6, v7)));
        sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(v8, v9), TSimd.Add(v10, v11)));
        _keep = Unsafe.As<TVector, float>(ref sum);
        return 2.0 * Chains * Rounds * TSimd.Lanes;
    }
}
