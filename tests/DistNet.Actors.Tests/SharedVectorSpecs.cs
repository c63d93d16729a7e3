using Microsoft.Win32.SafeHandles;

namespace DistNet.Actors.Tests;

/// <summary>Vectors in memory that several processes map. Linux alone has such memory without a name; elsewhere there is nothing to test.</summary>
public class SharedVectorSpecs
{
    [LinuxFact]
    public void This_machine_has_memory_to_share() => Assert.NotEmpty(SharedMemory.Domain);

    [LinuxFact]
    public void What_one_mapping_writes_the_other_reads()
    {
        SharedVector own = SharedVector.Create(1000);
        SharedVector mapped = SharedVector.Open(own.Reference, 1000);
        own.GetSpan()[999] = 7;
        mapped.GetSpan()[0] = 8;

        Assert.Equal(7, mapped.GetSpan()[999]);
        Assert.Equal(8, own.GetSpan()[0]);
    }

    [LinuxFact]
    public void Borrowers_and_changes_are_counted_across_mappings()
    {
        SharedVector own = SharedVector.Create(1);
        SharedVector mapped = SharedVector.Open(own.Reference, 1);
        own.Lend();
        own.BeginChange();
        Assert.True(mapped.IsBorrowed);
        Assert.Equal(1, mapped.Changes);
        mapped.GiveBack();

        Assert.False(own.IsBorrowed);
    }

    [LinuxFact]
    public void A_vector_shows_whole_pages_of_another_and_holds_its_own_again_when_told()
    {
        SharedVector own = SharedVector.Create(10_000), other = SharedVector.Create(10_000);
        own.GetSpan().Fill(1);
        other.GetSpan().Fill(2);
        (int first, int length) = own.Show(other, 1_500, 5_000).GetOffsetAndLength(10_000);
        Assert.InRange(first, 1_500, 1_500 + Environment.SystemPageSize / sizeof(float));
        Assert.InRange(first + length, 6_500 - Environment.SystemPageSize / sizeof(float), 6_500);
        Assert.Equal((1, 2, 2, 1), (own.GetSpan()[first - 1], own.GetSpan()[first], own.GetSpan()[first + length - 1], own.GetSpan()[first + length]));
        other.GetSpan()[first] = 3;
        Assert.Equal(3, own.GetSpan()[first]);
        own.Own(1_500, 5_000);
        own.GetSpan()[first] = 4;

        Assert.Equal(3, other.GetSpan()[first]);
    }

    [LinuxFact]
    public void Memory_with_another_token_is_refused_for_a_number_that_was_used_again_names_something_else()
    {
        SharedVector own = SharedVector.Create(4);
        MemoryReference stale = own.Reference with { Token = new Guid(new byte[16]) };

        Assert.Contains("other memory", Assert.Throws<InvalidDataException>(() => SharedVector.Open(stale, 4)).Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Memory_of_another_size_is_refused()
    {
        SharedVector own = SharedVector.Create(4);

        Assert.Throws<InvalidDataException>(() => SharedVector.Open(own.Reference, 2000));
    }

    [LinuxFact]
    public void A_file_that_could_shrink_under_its_readers_is_refused()
    {
        string path = Path.GetTempFileName();
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, 4096 + 4 * sizeof(float));
        MemoryReference reference = new(Environment.ProcessId, (int)file.DangerousGetHandle(), default);

        Assert.Throws<InvalidDataException>(() => SharedVector.Open(reference, 4));
        File.Delete(path);
    }

    [LinuxFact]
    public void Memory_of_a_process_that_is_gone_is_an_error_and_no_crash() =>
        Assert.ThrowsAny<IOException>(() => SharedVector.Open(new MemoryReference(int.MaxValue, 3, default), 4));

    [LinuxFact]
    public void A_reference_on_the_wire_names_the_same_memory()
    {
        SharedTensor tensor = new(new MemoryReference(70_000, 5, new Guid([.. Enumerable.Range(0, 16).Select(i => (byte)i)])), 9, 3, 1L << 40);
        byte[] metadata = new byte[SharedTensor.Bytes + FrameLabel.MaxBytes];
        FrameLabel label = new(1, new(2), 3, 4, new(5, 6), new(7, 8, 9), "worker");
        ReadOnlySpan<byte> written = tensor.Write(label, metadata);

        Assert.Equal(tensor, SharedTensor.Read(written, out ReadOnlySpan<byte> rest));
        Assert.Equal(label, FrameLabel.Read(rest));
    }

    [LinuxFact]
    public void A_pool_does_not_lend_what_another_process_still_reads()
    {
        TensorPool pool = new(8, isShared: true);
        TensorBuffer lent = pool.Rent(holders: 1);
        lent.Shared!.Lend();
        lent.Release();
        Assert.NotSame(lent, pool.Rent(holders: 1));
        lent.Shared.GiveBack();

        Assert.Same(lent, pool.Rent(holders: 1));
    }

    [LinuxFact]
    public void What_a_process_that_died_has_borrowed_is_given_up_and_never_written_again()
    {
        TensorPool pool = new(8, isShared: true);
        TensorBuffer lent = pool.Rent(holders: 1);
        lent.Shared!.Lend();
        lent.Release();
        for (int i = 0; i < 100; i++)
            pool.Rent(holders: 1).Release();
        lent.Shared.GiveBack();

        Assert.NotSame(lent, pool.Rent(holders: 1));
    }

    [LinuxFact]
    public void The_release_of_a_borrowed_vector_gives_it_back_to_its_process()
    {
        SharedVector own = SharedVector.Create(1);
        own.Lend();
        TensorBuffer.Borrow(SharedVector.Open(own.Reference, 1)).Release();

        Assert.False(own.IsBorrowed);
    }
}
