using System.Numerics;
using System.Runtime.Intrinsics;
using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests.Kernels;

/// <summary>The kernels at one vector width, whatever the processor would choose.</summary>
internal abstract class KernelsAtWidth<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Largest dimension worth testing: widths that the processor lacks are emulated, and slow.</summary>
    public abstract int LargestDimension { get; }

    public abstract void Multiply(int rows, int inner, int columns, T[] a, T[] b, T[] bias, T[] c);

    public abstract void MultiplyTransposed(int rows, int inner, int columns, T[] a, T[] b, T[] c);

    public abstract void GradientSum(int examples, int microBatchSize, int inputs, int units, T[] a, T[] b, T[] c);

    public abstract void Map<TFunction>(T[] x, T[] y)
        where TFunction : struct, ILaneFunction<T>;

    public abstract void ColumnSum(int examples, int microBatchSize, int units, T[] b, T[] c);

    public static KernelsAtWidth<T> Of(int bits) => bits switch
    {
        512 => new Kernels<Vector512<T>, Simd512<T>>(Vector512.IsHardwareAccelerated),
        256 => new Kernels<Vector256<T>, Simd256<T>>(Vector256.IsHardwareAccelerated),
        128 => new Kernels<Vector128<T>, Simd128<T>>(Vector128.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Fma.IsSupported),
        _ => new Kernels<T, SimdScalar<T>>(true),
    };

    private sealed class Kernels<TVector, TSimd>(bool isFast) : KernelsAtWidth<T>
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
    {
        public override int LargestDimension => isFast ? 300 : 40;

        public override void Multiply(int rows, int inner, int columns, T[] a, T[] b, T[] bias, T[] c) =>
            MatrixKernel<T, TVector, TSimd>.Multiply(new MatrixOperands<T>(rows, inner, columns, a, b, bias, c));

        public override void MultiplyTransposed(int rows, int inner, int columns, T[] a, T[] b, T[] c) =>
            MatrixKernel<T, TVector, TSimd>.MultiplyTransposed(new MatrixOperands<T>(rows, inner, columns, a, b, [], c));

        public override void GradientSum(int examples, int microBatchSize, int inputs, int units, T[] a, T[] b, T[] c) =>
            MatrixKernel<T, TVector, TSimd>.GradientSum(new MatrixOperands<T>(inputs, examples, units, a, b, [], c), microBatchSize);

        public override void Map<TFunction>(T[] x, T[] y)
        {
            var operation = new Mapping<T, TFunction>(x, y);
            var done = Elementwise.Run<T, TVector, TSimd, Mapping<T, TFunction>>(0, x.Length, ref operation);
            Elementwise.Run<T, T, SimdScalar<T>, Mapping<T, TFunction>>(done, x.Length, ref operation);
        }

        public override void ColumnSum(int examples, int microBatchSize, int units, T[] b, T[] c)
        {
            var operation = new ColumnSums<T>(examples, microBatchSize, units, b, c);
            var done = Elementwise.Run<T, TVector, TSimd, ColumnSums<T>>(0, units, ref operation);
            Elementwise.Run<T, T, SimdScalar<T>, ColumnSums<T>>(done, units, ref operation);
        }
    }
}
