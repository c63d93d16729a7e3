namespace DistNet.Actors.Tests;

public class TensorBufferSpecs
{
    private readonly TensorPool _pool = new(length: 3);

    [Fact]
    public void A_buffer_comes_back_when_all_its_holders_have_released_it_and_not_before()
    {
        TensorBuffer buffer = _pool.Rent(holders: 3);
        buffer.Release();
        buffer.Release();
        TensorBuffer another = _pool.Rent(holders: 1);
        Assert.NotSame(buffer, another);
        buffer.Release();

        Assert.Same(buffer, _pool.Rent(holders: 1));
    }

    [Fact]
    public void A_buffer_that_is_released_too_often_says_so_because_somebody_may_be_writing_to_it()
    {
        TensorBuffer buffer = _pool.Rent(holders: 1);
        buffer.Release();

        Assert.Throws<InvalidOperationException>(buffer.Release);
    }

    [Fact]
    public void A_buffer_is_as_long_as_its_pools_vectors() => Assert.Equal(3, _pool.Rent(holders: 1).Span.Length);

    [Fact]
    public void A_buffer_that_nobody_would_release_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(holders: 0));
}
