using System.Text;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Ledger events as bytes: the fields in order, whole numbers in 7 bits a byte, texts in UTF-8 after their length, doubles as they are.</summary>
/// <remarks>Compact because most of a ledger is steps: about ten bytes for a step of a shard.</remarks>
public static class LedgerBytes
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The newest layout of <see cref="StepsRecorded"/>.</summary>
    internal const string StepsManifest = "steps/1";

    /// <summary>Kind and layout version of an event, by which <see cref="Read(byte[], string)"/> knows how to read it.</summary>
    public static string Manifest(LedgerEvent entry) => entry switch
    {
        RunAccepted => "accepted/1",
        ShardsRestored => "restored/1",
        GenerationOpened => "generation/1",
        StepsRecorded => StepsManifest,
        CheckpointRecorded => "checkpoint/1",
        EpochRecorded => "epoch/1",
        RunEnded => "ended/1",
        RunFailed => "failed/1",
        _ => throw new ArgumentException($"There is no layout for {entry}.", nameof(entry)),
    };

    /// <summary>An event in the newest layout of its kind. Equal events give equal bytes.</summary>
    public static byte[] Write(LedgerEvent entry)
    {
        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, Strict))
            Write(writer, entry);
        return stream.ToArray();
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="InvalidDataException">The manifest is not known, or the bytes are not such an event.</exception>
    public static LedgerEvent Read(byte[] bytes, string manifest)
    {
        using MemoryStream stream = new(bytes, writable: false);
        using BinaryReader reader = new(stream, Strict);
        try
        {
            LedgerEvent entry = Read(reader, manifest);
            return stream.Position == stream.Length ? entry : throw new InvalidDataException($"{stream.Length - stream.Position} bytes are left over.");
        }
        catch (Exception damage) when (damage is InvalidDataException or EndOfStreamException or FormatException or DecoderFallbackException)
        {
            throw new InvalidDataException($"A ledger event '{manifest}' of {bytes.Length} bytes cannot be read: {damage.Message}", damage);
        }
    }

    private static void Write(BinaryWriter writer, LedgerEvent entry)
    {
        switch (entry)
        {
            case RunAccepted e: WriteAccepted(writer, e); break;
            case ShardsRestored e: WriteRestored(writer, e); break;
            case GenerationOpened e: WriteGeneration(writer, e); break;
            case StepsRecorded e: StepBytes.Write(writer, e); break;
            case CheckpointRecorded e: WriteCheckpoint(writer, e); break;
            case EpochRecorded e: WriteEpoch(writer, e.Report); break;
            case RunEnded e: WriteEnded(writer, e); break;
            case RunFailed e: writer.Write(e.Reason); break;
            default: throw new ArgumentException($"There is no layout for {entry}.", nameof(entry));
        }
    }

    private static LedgerEvent Read(BinaryReader reader, string manifest) => manifest switch
    {
        "accepted/1" => new RunAccepted(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.Read7BitEncodedInt()),
        "restored/1" => new ShardsRestored(ReadGeneration(reader), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt(), reader.ReadString()),
        "generation/1" => new GenerationOpened(ReadGeneration(reader), reader.Read7BitEncodedInt64(), ReadTexts(reader)),
        "steps/1" => StepBytes.Read(reader),
        "checkpoint/1" => new CheckpointRecorded(reader.Read7BitEncodedInt64(), reader.ReadString(), reader.ReadString()),
        "epoch/1" => new EpochRecorded(ReadEpoch(reader)),
        "ended/1" => new RunEnded(ReadEnd(reader), reader.Read7BitEncodedInt64(), reader.ReadString()),
        "failed/1" => new RunFailed(reader.ReadString()),
        _ => throw new InvalidDataException("this version of DistNet does not know its layout; read it with the version that wrote it."),
    };

    private static void WriteAccepted(BinaryWriter writer, RunAccepted accepted)
    {
        writer.Write(accepted.RunId);
        writer.Write(accepted.Spec);
        writer.Write(accepted.DataHash);
        writer.Write7BitEncodedInt(accepted.TrainingExampleCount);
    }

    private static void WriteRestored(BinaryWriter writer, ShardsRestored restored)
    {
        writer.Write7BitEncodedInt(restored.Generation.Number);
        writer.Write7BitEncodedInt64(restored.Version);
        writer.Write7BitEncodedInt(restored.ParameterShards);
        writer.Write(restored.Reason);
    }

    private static void WriteGeneration(BinaryWriter writer, GenerationOpened opened)
    {
        writer.Write7BitEncodedInt(opened.Generation.Number);
        writer.Write7BitEncodedInt64(opened.FromVersion);
        writer.Write7BitEncodedInt(opened.Workers.Length);
        foreach (string worker in opened.Workers)
            writer.Write(worker);
    }

    private static Generation ReadGeneration(BinaryReader reader) => new(reader.Read7BitEncodedInt());

    private static string[] ReadTexts(BinaryReader reader)
    {
        string[] texts = new string[ReadCount(reader, elementSizeBytes: 1)];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = reader.ReadString();
        return texts;
    }

    private static void WriteCheckpoint(BinaryWriter writer, CheckpointRecorded checkpoint)
    {
        writer.Write7BitEncodedInt64(checkpoint.Version);
        writer.Write(checkpoint.File);
        writer.Write(checkpoint.WeightsSha256);
    }

    private static void WriteEpoch(BinaryWriter writer, EpochReport report)
    {
        writer.Write7BitEncodedInt(report.Epoch);
        WriteStatistics(writer, report.Training);
        writer.Write(report.Validation is not null);
        if (report.Validation is { } validation)
            WriteStatistics(writer, validation);
    }

    private static EpochReport ReadEpoch(BinaryReader reader) =>
        new(reader.Read7BitEncodedInt(), ReadStatistics(reader), reader.ReadBoolean() ? ReadStatistics(reader) : null);

    private static void WriteStatistics(BinaryWriter writer, LossStatistics statistics)
    {
        writer.Write(statistics.LossSum);
        writer.Write7BitEncodedInt64(statistics.Correct);
        writer.Write7BitEncodedInt64(statistics.Examples);
    }

    private static LossStatistics ReadStatistics(BinaryReader reader) =>
        new(reader.ReadDouble(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());

    // The numbers of the file, not of the enumeration, so that reordering the latter changes no journal.
    private static void WriteEnded(BinaryWriter writer, RunEnded ended)
    {
        writer.Write(ended.End switch
        {
            TrainingEnd.Completed => (byte)1,
            TrainingEnd.StoppedEarly => (byte)2,
            TrainingEnd.Interrupted => (byte)3,
            _ => throw new ArgumentException($"There is no layout for {ended}.", nameof(ended)),
        });
        writer.Write7BitEncodedInt64(ended.Version);
        writer.Write(ended.WeightsSha256);
    }

    private static TrainingEnd ReadEnd(BinaryReader reader) => reader.ReadByte() switch
    {
        1 => TrainingEnd.Completed,
        2 => TrainingEnd.StoppedEarly,
        3 => TrainingEnd.Interrupted,
        var other => throw new InvalidDataException($"A run cannot end as {other}."),
    };

    /// <summary>A count of elements that the rest of the bytes can hold, so that damage allocates nothing.</summary>
    internal static int ReadCount(BinaryReader reader, int elementSizeBytes)
    {
        int count = reader.Read7BitEncodedInt();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && (long)count * elementSizeBytes <= left
            ? count
            : throw new InvalidDataException($"It claims {count} elements, but has {left} bytes left.");
    }
}
