using Auditor.Ledger;
using Auditor.Tests.Adapters.Ledgers;
using CsCheck;

namespace Auditor.Tests.Ledger;

/// <summary>What a chain of commits gives away when something of it was touched.</summary>
public sealed class ChainTests
{
    private static readonly DateTimeOffset s_noon = Commits.Noon;
    private static readonly StoredCommit[] s_chain = Make(7);

    [Fact]
    public async Task AnUntouchedChain_Agrees()
    {
        Assert.Equal(new ChainReport(HeadOf(s_chain), null), await VerifyAsync(s_chain));
        Assert.Equal(new ChainReport(HeadOf(s_chain), null), await VerifyAsync(s_chain, published: [.. s_chain.Select(Publish)]));
        Assert.Equal(new ChainReport(Head.None, null), await VerifyAsync([], Head.None));
    }

    [Fact]
    public void AnyAlteredByte_OfAnyCommit_IsFound_AndNamed() =>
        Gen.Int[0, s_chain.Length - 1].SelectMany(index => Gen.Select(Gen.Const(index), Gen.Int[0, s_chain[index].Bytes.Length - 1], Gen.Byte[1, 255])).Sample(touched =>
        {
            var (index, position, mask) = touched;
            var bytes = s_chain[index].Bytes.ToArray();
            bytes[position] ^= mask;
            var report = VerifyAsync(With(index, s_chain[index] with { Bytes = bytes }), HeadOf(s_chain)).GetAwaiter().GetResult();
            Assert.Equal((index, index + 1L), (report.Sound.Seq, report.Broken?.Seq));
            Assert.Contains("has content of hash", report.Broken!.What, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("epoch", "has epoch 1 in its content, and 9 stands beside it")]
    [InlineData("time", "has time 2026-11-01T12:00:00.1234567Z in its content, and 2026-11-01T12:00:00Z stands beside it")]
    [InlineData("unreadable", "cannot be unpacked (why)")]
    public async Task WhatStandsBesideACommit_MustAgreeWithIt(string what, string sentence)
    {
        var touched = what switch
        {
            "epoch" => s_chain[3] with { Epoch = 9 },
            "time" => s_chain[3] with { RecordedAt = "2026-11-01T12:00:00Z" },
            _ => s_chain[3] with { Unreadable = "cannot be unpacked (why)" },
        };
        Assert.Equal(new BrokenLink(4, sentence), (await VerifyAsync(With(3, touched), HeadOf(s_chain))).Broken);
    }

    [Fact]
    public async Task AMissingCommit_IsNamed()
    {
        Assert.Equal(new BrokenLink(1, "is missing"), (await VerifyAsync(s_chain[1..])).Broken);
        Assert.Equal(new BrokenLink(4, "is missing"), (await VerifyAsync([.. s_chain[..3], .. s_chain[4..]])).Broken);
        Assert.Equal(new BrokenLink(7, "is missing"), (await VerifyAsync(s_chain[..6], HeadOf(s_chain))).Broken);
    }

    [Fact]
    public async Task AHeadThatDisagrees_IsNamed()
    {
        var head = HeadOf(s_chain) with { Hash = new string('0', 64) };
        Assert.Equal(
            new BrokenLink(7, $"has epoch 1 and hash {s_chain[6].Hash}, and the head says epoch 1 and hash {head.Hash}"), (await VerifyAsync(s_chain, head)).Broken);
    }

    /// <summary>A chain that was written anew agrees with itself; only what was published tells.</summary>
    [Fact]
    public async Task ARewrittenChain_IsFoundByAPublishedHead()
    {
        var rewritten = Make(7, from: 5, reason: "rewritten");
        Assert.Null((await VerifyAsync(rewritten)).Broken);
        Assert.Null((await VerifyAsync(rewritten, published: [Publish(s_chain[3])])).Broken);
        Assert.Equal(
            new BrokenLink(6, $"has epoch 1 and hash {rewritten[5].Hash}, and epoch 1 and hash {s_chain[5].Hash} was published at 2026-11-01T12:00:00Z"),
            (await VerifyAsync(rewritten, published: [Publish(s_chain[6]), Publish(s_chain[5])])).Broken);
    }

    [Fact]
    public async Task AChainThatWasCutOff_IsFoundByAPublishedHead() => Assert.Equal(
        new BrokenLink(6, "is missing, and the head 7 was published at 2026-11-01T12:00:00Z"), (await VerifyAsync(s_chain[..5], published: [Publish(s_chain[6])])).Broken);

    private static StoredCommit[] Make(int count, int from = int.MaxValue, string reason = "")
    {
        var head = Head.None;
        var lease = new Lease("test", 1, s_noon);
        return [.. Enumerable.Range(1, count).Select(seq =>
        {
            var commit = (seq % 3 == 0 ? Commits.Full(head, lease) : Commits.After(head, lease)) with { Consumed = seq >= from ? [reason] : [] };
            head = new Head(commit.Seq, commit.Epoch, commit.Hash);
            return new StoredCommit(commit.Seq, commit.Epoch, commit.Hash, commit.PreviousHash, Timestamps.Format(commit.RecordedAt), commit.ToBytes());
        })];
    }

    private static StoredCommit[] With(int index, StoredCommit touched) => [.. s_chain[..index], touched, .. s_chain[(index + 1)..]];

    private static Head HeadOf(StoredCommit[] chain) => new(chain[^1].Seq, chain[^1].Epoch, chain[^1].Hash);

    private static PublishedHead Publish(StoredCommit commit) => new(commit.Seq, commit.Epoch, commit.Hash, s_noon);

    private static Task<ChainReport> VerifyAsync(StoredCommit[] chain, Head? head = null, PublishedHead[]? published = null) =>
        Chain.VerifyAsync(chain.ToAsyncEnumerable(), head ?? HeadOf(chain), published ?? [], CancellationToken.None);
}
