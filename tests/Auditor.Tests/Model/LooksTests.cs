using Auditor.Model;
using Auditor.Tests.Oracles;
using CsCheck;

namespace Auditor.Tests.Model;

public sealed class LooksTests
{
    /// <summary>However many steps it follows, it holds what a plain set holds, each thing once and in the words of the last look.</summary>
    [Fact]
    public void AfterAnySteps_ItHoldsWhatASetWould() => Gen.Select(Gen.Int[0, 300], Gen.Select(Gen.Int[0, 399].Array[0, 12], Gen.Int[0, 399].Array[0, 12]).Array[0, 60]).Sample(
        (count, steps) =>
        {
            var plain = Enumerable.Range(0, count).ToDictionary(i => i, _ => 0);
            var looks = Of(plain.Keys, 0);
            for (var step = 0; step < steps.Length; step++)
            {
                // Only what was looked at can lapse; only what is not known is looked at anew.
                var lapsed = steps[step].Item1.Where(plain.ContainsKey).ToHashSet();
                var since = steps[step].Item2.Where(i => lapsed.Contains(i) || !plain.ContainsKey(i)).Distinct().ToList();
                looks = looks.After([.. lapsed.Select(ReferenceOf)], Of(since, step + 1));
                foreach (var i in lapsed)
                {
                    plain.Remove(i);
                }

                since.ForEach(i => plain[i] = step + 1);
            }

            Assert.Equal(plain.Keys.Select(ReferenceOf).Order(s_order), looks.References.Order(s_order));
            Assert.Equal(plain.Select(pair => EvidenceOf(pair.Key, pair.Value).ToString()).Order(StringComparer.Ordinal), looks.Evidence.Select(evidence => evidence.ToString()).Order(StringComparer.Ordinal));
            Assert.Equal(plain.Keys.Where(IsUnread).Select(i => ReferenceOf(i).Target).Order(), looks.Unread.Order());
            Assert.Equal(Enumerable.Range(0, 400).Where(plain.ContainsKey), Enumerable.Range(0, 400).Where(i => looks.Contains(ReferenceOf(i))));
        },
        iter: 300 * Soak.Factor);

    private static readonly Comparer<Reference> s_order = Comparer<Reference>.Create((one, other) => one.Target.CompareTo(other.Target));

    private static Looks Of(IEnumerable<int> all, int step) => Looks.Of(
        [.. all.Select(ReferenceOf)],
        [.. all.Select(i => EvidenceOf(i, step))],
        [.. all.Where(IsUnread).Select(i => ReferenceOf(i).Target)]);

    private static bool IsUnread(int i) => i % 3 == 0;

    private static Reference ReferenceOf(int i)
    {
        var name = ResourceName.Of(ResourceKind.Firewall, "shop", $"rule-{i:D3}");
        return new Reference(name.Kind, name);
    }

    private static Evidence EvidenceOf(int i, int step) => new(EvidenceKind.Unread, ReferenceOf(i), Why: $"of step {step}");
}
