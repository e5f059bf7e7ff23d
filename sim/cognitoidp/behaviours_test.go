package cognitoidp_test

import (
	"slices"
	"testing"
)

// behaviour is a story of several calls. Its source stands with its function.
type behaviour struct {
	name string
	run  func(*account)
}

func behaviours() []behaviour {
	return slices.Concat(
		adminBehaviours(),
		deviceBehaviours(),
		choiceBehaviours(),
		passkeyBehaviours(),
		signInBehaviours(),
	)
}

func signInBehaviours() []behaviour {
	return []behaviour{
		{"SRP signs in without sending the password", srpSignsInWithoutSendingThePassword},
		{"an SRP proof is good once", srpProofIsGoodOnce},
		{"hidden users get a challenge that nothing answers", hiddenUsersGetAChallengeThatNothingAnswers},
		{"optional MFA asks who set it up", optionalMFAAsksWhoSetItUp},
		{"a refresh is never asked for a second factor", refreshIsNeverAskedForASecondFactor},
		{"required MFA is set up at the first sign-in", requiredMFAIsSetUpAtTheFirstSignIn},
		{"codes of messages sign in and verify the address", codesOfMessagesSignInAndVerifyTheAddress},
		{"several factors are selected unless one is preferred", severalFactorsAreSelectedUnlessOneIsPreferred},
		{"pools change their MFA configuration", poolsChangeTheirMFAConfiguration},
		{"a new password comes before the second factor", newPasswordComesBeforeTheSecondFactor},
		{"codes of another secret are refused", tokensOfAnotherSecretAreRefused},
		{"custom sign-in goes as the triggers say", customSignInGoesAsTheTriggersSay},
		{"custom sign-in can start with a password", customSignInCanStartWithAPassword},
		{"hidden users never pass a custom sign-in", hiddenUsersNeverPassACustomSignIn},
		{"users choose the first factor", usersChooseTheFirstFactor},
		{"a preferred first factor is asked at once", preferredFirstFactorIsAskedAtOnce},
		{"a one-time password confirms the user", oneTimePasswordConfirmsTheUser},
		{"users with MFA sign in with the password", usersWithMFASignInWithThePassword},
		{"rotation replaces the refresh token", rotationReplacesTheRefreshToken},
		{"refreshing by GetTokensFromRefreshToken", refreshingWithoutRotation},
		{"failed attempts lock the user", failedAttemptsLockTheUser},
		{"wrong codes lock the user", wrongCodesLockTheUser},
		{"a forgotten password is replaced", forgottenPasswordIsReplaced},
		{"hidden users hear of a message", hiddenUsersHearOfAMessage},
		{"the reset code goes where the pool says", resetCodeGoesWhereThePoolSays},
		{"an administrator's reset blocks the sign-in", administratorsResetBlocksTheSignIn},
		{"passwords are changed and remembered", passwordsAreChangedAndRemembered},
		{"sign-up codes are sent again", signUpCodesAreSentAgain},
		{"an invitation is sent again", invitationIsSentAgain},
		{"a changed address is verified anew", changedAddressIsVerifiedAnew},
		{"an address can wait for its verification", addressCanWaitForItsVerification},
		{"aliases sign in once they are verified", aliasesSignInOnceTheyAreVerified},
		{"an alias moves by force", aliasMovesByForce},
		{"attributes and users are deleted", attributesAndUsersAreDeleted},
		{"groups are left and listed", groupsAreLeftAndListed},
		{"users are listed", usersAreListed},
		{"operations want the scope of the API", operationsWantTheScopeOfTheAPI},
	}
}

func TestBehaviours(t *testing.T) {
	for _, b := range behaviours() {
		t.Run(b.name, func(t *testing.T) { b.run(newAccount(t)) })
	}
}

func behaviourStories() []func(*account) {
	var stories []func(*account)
	for _, b := range behaviours() {
		stories = append(stories, b.run)
	}
	return stories
}
