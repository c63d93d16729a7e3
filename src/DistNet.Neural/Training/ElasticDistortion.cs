using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>Distorts images of a mini-batch: pixel p of the result is the image at p + A (p - centre) + alpha G * u(p), where u is even noise, G a Gaussian
/// and A a small random matrix; between pixels the image is bilinear, around it the background, 0.</summary>
/// <remarks>
/// Each number is made from sums and products in one order, so it has the same bits on every machine and at every vector width. Owns its
/// buffers and allocates nothing per image. Used by one thread.
/// </remarks>
internal sealed class ElasticDistortion
{
    private const float Unit = 1f / (1u << 31); // makes [-1, 1) of 32 bits

    private readonly int _seed;
    private readonly int _side;
    private readonly float _alpha;
    private readonly float _affine;
    private readonly float[] _gaussian; // side x side, symmetric: noise N becomes G N G, zero beyond the border
    private readonly float[] _noise; // two fields, one for each axis, side x side each: rows, then columns
    private readonly float[] _half; // N G
    private readonly float[] _field; // G N G
    private readonly float[] _padded; // the image with a background of one pixel before and two behind, so that nothing lies outside

    /// <summary>For square images of that side.</summary>
    public ElasticDistortion(DistortionSpec spec, int seed, int side)
    {
        (_seed, _side, _alpha, _affine) = (seed, side, (float)spec.Alpha, (float)spec.Affine);
        _gaussian = Gaussian(spec.Sigma, side);
        _noise = new float[2 * side * side];
        _half = new float[2 * side * side];
        _field = new float[2 * side * side];
        _padded = new float[(side + 3) * (side + 3)];
    }

    /// <summary>Distorts the images of these examples, in place.</summary>
    /// <param name="epoch">Which epoch, from 1.</param>
    /// <param name="examples">Their indices in the training set.</param>
    /// <param name="images">examples.Length x side x side.</param>
    public void Apply(int epoch, ReadOnlySpan<int> examples, Span<float> images)
    {
        var pixels = _side * _side;
        for (var i = 0; i < examples.Length; i++)
        {
            var bits = CounterBits.For(_seed, Chance.DistortionStream, 0, epoch, examples[i]);
            DrawField(bits);
            Resample(AffineOf(bits), images.Slice(i * pixels, pixels));
        }
    }

    private void DrawField(CounterBits bits)
    {
        for (var i = 0; i < _noise.Length; i += 2) // two fields: an even number
        {
            var pair = bits[i / 2];
            _noise[i] = (int)pair * Unit;
            _noise[i + 1] = (int)(pair >> 32) * Unit;
        }

        var (side, pixels) = (_side, _side * _side);
        MatrixKernels.Multiply<float>(2 * side, side, side, _noise, _gaussian, [], _half);
        MatrixKernels.Multiply<float>(side, side, side, _gaussian, _half.AsSpan(0, pixels), [], _field.AsSpan(0, pixels));
        MatrixKernels.Multiply<float>(side, side, side, _gaussian, _half.AsSpan(pixels), [], _field.AsSpan(pixels));
    }

    // The bits behind those of the field.
    private (float RowByRow, float RowByColumn, float ColumnByRow, float ColumnByColumn) AffineOf(CounterBits bits)
    {
        var (first, second) = (bits[_noise.Length / 2], bits[(_noise.Length / 2) + 1]);
        var scale = Unit * _affine;
        return ((int)first * scale, (int)(first >> 32) * scale, (int)second * scale, (int)(second >> 32) * scale);
    }

    private void Resample((float RowByRow, float RowByColumn, float ColumnByRow, float ColumnByColumn) map, Span<float> image)
    {
        Pad(image);
        var centre = (_side - 1) / 2f;
        for (var row = 0; row < _side; row++)
        {
            for (var column = 0; column < _side; column++)
            {
                var (at, down, right) = (row * _side + column, row - centre, column - centre);
                var sourceRow = row + (map.RowByRow * down + map.RowByColumn * right) + _alpha * _field[at];
                var sourceColumn = column + (map.ColumnByRow * down + map.ColumnByColumn * right) + _alpha * _field[_side * _side + at];
                image[at] = Between(sourceRow, sourceColumn);
            }
        }
    }

    private void Pad(ReadOnlySpan<float> image)
    {
        for (var row = 0; row < _side; row++)
            image.Slice(row * _side, _side).CopyTo(_padded.AsSpan((row + 1) * (_side + 3) + 1));
    }

    /// <summary>The image at a place between pixels; from a pixel beyond its border on, it is the background.</summary>
    private float Between(float row, float column)
    {
        (row, column) = (Math.Clamp(row, -1f, _side), Math.Clamp(column, -1f, _side));
        var (top, left) = (MathF.Floor(row), MathF.Floor(column));
        var (down, right) = (row - top, column - left);
        var above = _padded.AsSpan(((int)top + 1) * (_side + 3) + (int)left + 1, _side + 5);
        var upper = (1 - right) * above[0] + right * above[1];
        var lower = (1 - right) * above[_side + 3] + right * above[_side + 4];
        return (1 - down) * upper + down * lower;
    }

    /// <summary>Entry (i, j) is the weight of noise j in the smoothed value i; a row that lies wholly inside adds up to 1.</summary>
    private static float[] Gaussian(double sigma, int side)
    {
        var sum = 1.0;
        for (var distance = 1; distance <= 6 * sigma + 1; distance++)
            sum += 2 * Weight(distance, sigma);
        var weights = new float[side * side];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (float)(Weight(i / side - i % side, sigma) / sum);
        return weights;
    }

    private static double Weight(int distance, double sigma) => ElementaryFunctions.Exp(-(distance * distance) / (2 * sigma * sigma));
}
