namespace DistNet.Protocol.Tests.Orders;

/// <summary>What a leader knows of its predecessor's orders.</summary>
public class OrderBookSpecs
{
    private static readonly OrderAccepted First = new("order-1", "run-1", "{}", 2, 2, 2, 0);
    private static readonly OrderAccepted Second = First with { OrderId = "order-2", RunId = "run-2" };

    private readonly OrderBook _book = new();

    [Fact]
    public void An_order_that_did_not_end_is_gone_on_with()
    {
        Apply(First, new OrderBegun("run-1", 7));
        Assert.Equal(First, _book.Unfinished);
    }

    [Theory]
    [InlineData(OrderEnd.Completed)]
    [InlineData(OrderEnd.Failed)]
    [InlineData(OrderEnd.Cancelled)]
    public void An_order_that_ended_is_not(OrderEnd end)
    {
        Apply(First, new OrderClosed("run-1", end, "text"));
        Assert.Null(_book.Unfinished);
        Assert.Equal(new OrderClosed("run-1", end, "text"), _book.Closed);
    }

    [Fact]
    public void An_order_that_a_user_cancelled_is_not_even_if_nobody_saw_its_end()
    {
        Apply(First, new OrderCancelled("run-1"));
        Assert.Null(_book.Unfinished);
        Assert.True(_book.IsCancelled);
    }

    [Fact]
    public void The_same_run_can_be_ordered_again_after_it_was_cancelled()
    {
        OrderAccepted again = First with { OrderId = "order-3" };
        Apply(First, new OrderCancelled("run-1"), new OrderClosed("run-1", OrderEnd.Cancelled, ""), again);
        Assert.Equal(again, _book.Unfinished);
    }

    [Fact]
    public void An_order_is_known_by_its_id_after_its_run_is_over()
    {
        Apply(First, new OrderClosed("run-1", OrderEnd.Completed, "{}"), Second);
        Assert.Equal(First, _book.Find("order-1"));
        Assert.Equal(Second, _book.Newest);
        Assert.Null(_book.Find("order-3"));
    }

    [Fact]
    public void Word_of_another_run_than_the_newest_changes_nothing()
    {
        Apply(First, new OrderClosed("run-1", OrderEnd.Completed, "{}"), Second, new OrderCancelled("run-1"), new OrderClosed("run-1", OrderEnd.Failed, ""));
        Assert.Equal(Second, _book.Unfinished);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(41, 43)]
    public void A_coordinators_number_is_greater_than_all_before_also_where_its_clock_is_behind(long clock, long expected)
    {
        Apply(First, new OrderBegun("run-1", 42));
        Assert.Equal(expected, _book.NextIncarnation(clock));
    }

    private void Apply(params OrderEvent[] events)
    {
        foreach (OrderEvent entry in events)
            _book.Apply(entry);
    }
}
