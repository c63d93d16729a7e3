namespace DistNet.Neural;

/// <summary>A set of images whose content comes in pieces, in any order, from somewhere that need not be trusted: it is a set when its hash is right.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
public sealed class IncomingImages
{
    private readonly DataDescription _expected;
    private readonly int _rows;
    private readonly int _columns;
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    /// <summary>Takes memory for a set that was described, and whose shape somebody else has told.</summary>
    /// <param name="expected">The set.</param>
    /// <param name="rows">Height of an image, as told.</param>
    /// <param name="columns">Width of an image, as told.</param>
    /// <exception cref="InvalidDataException">The shape is not one of the set that was described, or the set cannot be one of images.</exception>
    public IncomingImages(DataDescription expected, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(expected);
        if (rows < 1 || columns < 1 || (long)rows * columns != expected.InputSize)
            throw new InvalidDataException($"Images of {rows} x {columns} pixels were told, but {expected.InputSize} pixels were expected.");
        if (expected.Count < 1 || expected.TargetSize is < 1 or > 256 || (long)expected.Count * expected.InputSize > Array.MaxLength)
            throw new InvalidDataException($"{expected.Count} images of {expected.InputSize} pixels in {expected.TargetSize} classes are no set of images.");
        (_expected, _rows, _columns) = (expected, rows, columns);
        _pixels = new byte[expected.Count * expected.InputSize];
        _labels = new byte[expected.Count];
    }

    /// <summary>As <see cref="ImageSet.ContentSizeBytes"/>.</summary>
    public long SizeBytes => _pixels.LongLength + _labels.Length;

    /// <summary>Takes a part of the content, as <see cref="ImageSet.CopyContent"/> gives it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is not wholly inside the content.</exception>
    public void Write(long offset, ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, SizeBytes - content.Length);
        var pixels = (int)Math.Clamp(_pixels.LongLength - offset, 0, content.Length);
        if (pixels > 0)
            content[..pixels].CopyTo(_pixels.AsSpan((int)offset));
        if (pixels < content.Length)
            content[pixels..].CopyTo(_labels.AsSpan((int)(offset + pixels - _pixels.LongLength)));
    }

    /// <summary>The set, once all of its content was written.</summary>
    /// <remarks>The arrays are the set's from now on: nothing is to be written any more.</remarks>
    /// <exception cref="InvalidDataException">The content is not that of the hash.</exception>
    public ImageSet Complete()
    {
        if (_labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(_expected.TargetSize - 1)) is var wrong and >= 0)
            throw new InvalidDataException($"Image {wrong} has the label {_labels[wrong]}, but there are {_expected.TargetSize} classes.");
        var images = new ImageSet(_pixels, _labels, _rows, _columns, _expected.TargetSize);
        return images.ContentHash == _expected.ContentHash
            ? images
            : throw new InvalidDataException($"The images have the content hash {images.ContentHash}, but {_expected.ContentHash} was expected.");
    }
}
